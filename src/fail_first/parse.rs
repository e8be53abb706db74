//! Reading a file of the ledger.

use std::ops::Range;

use toml_edit::{Document, Item, TableLike};

use super::entry::{Entry, Green, Red, Seen};
use super::fingerprint::Fingerprint;
use super::{Covers, Target};

/// Why a text is no file of the ledger: in which line, and what is wrong there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Unreadable {
    pub(super) line: Option<usize>,
    pub(super) what: String,
    pub(super) remedy: &'static str,
}

const AGAIN: &str = "restore it from version control, or delete it and prove the test again";

impl Entry {
    pub(super) fn parse(text: &str) -> Result<Self, Unreadable> {
        if let Some(line) = conflict(text) {
            return Err(Unreadable {
                line: Some(line),
                what: "a merge conflict".to_owned(),
                remedy: "keep one side of it: the one whose `source` is the test's, or delete the file and prove the test again",
            });
        }
        let document = Document::parse(text.to_owned()).map_err(|error| Unreadable {
            line: error.span().map(|span| line_of(text, &span)),
            what: error.message().trim().replace('\n', ", "),
            remedy: AGAIN,
        })?;
        Reader { text }.entry(document.as_table())
    }
}

/// The line where a merge conflict begins.
fn conflict(text: &str) -> Option<usize> {
    let begins = |line: &str| {
        ["<<<<<<<", "=======", ">>>>>>>", "|||||||"]
            .iter()
            .any(|mark| line.starts_with(mark))
    };
    text.lines().position(begins).map(|index| index + 1)
}

fn line_of(text: &str, span: &Range<usize>) -> usize {
    let before = text.get(..span.start).unwrap_or(text);
    before.matches('\n').count() + 1
}

struct Reader<'a> {
    text: &'a str,
}

impl Reader<'_> {
    fn entry(&self, table: &dyn TableLike) -> Result<Entry, Unreadable> {
        match table.get("version").and_then(Item::as_integer) {
            Some(1) => {}
            Some(version) => {
                return Err(Unreadable {
                    line: self.line(table.get("version")),
                    what: format!("version {version}, where this release reads version 1"),
                    remedy: "use the release of ssot-harness that wrote it, or a newer one",
                });
            }
            None => return Err(self.missing("version", "a number")),
        }
        let source = self.hash(table, "source")?;
        let covers = self.covers(table)?;
        let red = self
            .table(table, "red")?
            .ok_or_else(|| self.missing("[red]", "a table"))?;
        let green = self.table(table, "green")?;
        Ok(Entry {
            issue: self.text(table, "issue")?.to_owned(),
            expect: self.text(table, "expect")?.to_owned(),
            target: self.target(table)?,
            source,
            covers,
            red: Red {
                fingerprint: Fingerprint {
                    kind: self.text(red, "kind")?.to_owned(),
                    surface: self.text_if_any(red, "surface")?.map(str::to_owned),
                    shape: self.text(red, "shape")?.to_owned(),
                },
                revision: self.text_if_any(red, "revision")?.map(str::to_owned),
                seen: self.seen(red)?,
            },
            green: green
                .map(|green| {
                    Ok(Green {
                        revision: self.text_if_any(green, "revision")?.map(str::to_owned),
                        seen: self.seen(green)?,
                    })
                })
                .transpose()?,
        })
    }

    fn hash(&self, table: &dyn TableLike, name: &str) -> Result<u64, Unreadable> {
        let text = self.text(table, name)?;
        u64::from_str_radix(text, 16).map_err(|_| Unreadable {
            line: self.line(table.get(name)),
            what: format!("`{name}` is `{text}`, which is no hash of 16 hexadecimal digits"),
            remedy: AGAIN,
        })
    }

    fn target(&self, table: &dyn TableLike) -> Result<Option<Target>, Unreadable> {
        let Some(text) = self.text_if_any(table, "target")? else {
            return Ok(None);
        };
        Target::parse(text).map(Some).ok_or_else(|| Unreadable {
            line: self.line(table.get("target")),
            what: format!("`target` is `{text}`, and may be `lib`, `bin`, `test`, `bench` or `example`"),
            remedy: AGAIN,
        })
    }

    /// Files of earlier releases have none.
    fn covers(&self, table: &dyn TableLike) -> Result<Option<Covers>, Unreadable> {
        if table.get("covers").is_none() {
            return match table.get("files") {
                None => Ok(None),
                Some(_) => Err(self.missing("covers", "a hash")),
            };
        }
        let digest = self.hash(table, "covers")?;
        let files = self
            .table(table, "files")?
            .ok_or_else(|| self.missing("[files]", "a table"))?;
        let files = files
            .iter()
            .map(|(name, _)| Ok((name.to_owned(), self.hash(files, name)?)));
        Ok(Some(Covers {
            own: self.hash(table, "own")?,
            digest,
            files: files.collect::<Result<_, _>>()?,
        }))
    }

    fn seen(&self, table: &dyn TableLike) -> Result<Seen, Unreadable> {
        let text = self.text(table, "seen")?;
        Seen::parse(text).ok_or_else(|| Unreadable {
            line: self.line(table.get("seen")),
            what: format!("`seen` is `{text}`, and may be `run`, `prove` or `prove_between`"),
            remedy: AGAIN,
        })
    }

    fn table<'t>(
        &self,
        table: &'t dyn TableLike,
        name: &str,
    ) -> Result<Option<&'t dyn TableLike>, Unreadable> {
        match table.get(name) {
            None => Ok(None),
            Some(item) => match item.as_table_like() {
                Some(table) => Ok(Some(table)),
                None => Err(self.wrong(item, name, "a table")),
            },
        }
    }

    fn text<'t>(&self, table: &'t dyn TableLike, name: &str) -> Result<&'t str, Unreadable> {
        self.text_if_any(table, name)?
            .ok_or_else(|| self.missing(name, "a text"))
    }

    fn text_if_any<'t>(&self, table: &'t dyn TableLike, name: &str) -> Result<Option<&'t str>, Unreadable> {
        match table.get(name) {
            None => Ok(None),
            Some(item) => match item.as_str() {
                Some(text) => Ok(Some(text)),
                None => Err(self.wrong(item, name, "a text")),
            },
        }
    }

    fn wrong(&self, item: &Item, name: &str, what: &str) -> Unreadable {
        Unreadable {
            line: self.line(Some(item)),
            what: format!("`{name}` is not {what}"),
            remedy: AGAIN,
        }
    }

    fn missing(&self, name: &str, what: &str) -> Unreadable {
        Unreadable {
            line: Some(self.text.lines().count()),
            what: format!("the file ends without `{name}`, {what}"),
            remedy: AGAIN,
        }
    }

    fn line(&self, item: Option<&Item>) -> Option<usize> {
        item.and_then(Item::span).map(|span| line_of(self.text, &span))
    }
}
