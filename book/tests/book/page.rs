//! A page of Markdown, and the parts of it that tests ask for.

use std::fs;
use std::path::{Path, PathBuf};

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

/// A page.
pub(crate) struct Page {
    /// Relative to the repository.
    pub(crate) path: PathBuf,
    pub(crate) text: String,
}

/// A fenced block of code.
pub(crate) struct Block {
    /// What stands behind the fence.
    pub(crate) language: String,
    pub(crate) code: String,
}

/// A row of a table.
pub(crate) struct Row {
    /// The headings that it stands under, the outermost first.
    pub(crate) headings: Vec<String>,
    /// The first cell of the table's head.
    pub(crate) head: String,
    /// The pieces of code in its first cell.
    pub(crate) codes: Vec<String>,
}

pub(crate) fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

impl Page {
    pub(crate) fn read(path: impl AsRef<Path>) -> Self {
        let path = path.as_ref().to_owned();
        let text = fs::read_to_string(repository().join(&path))
            .unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        Self { path, text }
    }

    /// The pages of the book, `SUMMARY.md` among them.
    pub(crate) fn of_book() -> Vec<Self> {
        let mut pages = Vec::new();
        let mut folders = vec![PathBuf::from("book/src")];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(repository().join(&folder)).unwrap() {
                let path = folder.join(entry.unwrap().file_name());
                if repository().join(&path).is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "md") {
                    pages.push(Self::read(path));
                }
            }
        }
        assert!(!pages.is_empty(), "the book has pages");
        pages
    }

    fn events(&self) -> Parser<'_> {
        Parser::new_ext(&self.text, Options::ENABLE_TABLES)
    }

    /// Where its links and pictures lead.
    pub(crate) fn links(&self) -> Vec<String> {
        self.events()
            .filter_map(|event| match event {
                Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) => {
                    Some(dest_url.into_string())
                }
                _ => None,
            })
            .collect()
    }

    /// The anchors of its headings, as mdBook and GitHub make them.
    pub(crate) fn anchors(&self) -> Vec<String> {
        let mut anchors = Vec::new();
        let mut heading: Option<String> = None;
        for event in self.events() {
            match event {
                Event::Start(Tag::Heading { .. }) => heading = Some(String::new()),
                Event::Text(text) | Event::Code(text) => {
                    if let Some(heading) = &mut heading {
                        heading.push_str(&text);
                    }
                }
                Event::End(TagEnd::Heading(_)) => anchors.extend(heading.take().as_deref().map(anchor)),
                _ => {}
            }
        }
        anchors
    }

    pub(crate) fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut block: Option<Block> = None;
        for event in self.events() {
            match event {
                Event::Start(Tag::CodeBlock(kind)) => {
                    let language = match kind {
                        CodeBlockKind::Fenced(language) => language.into_string(),
                        CodeBlockKind::Indented => String::new(),
                    };
                    let code = String::new();
                    block = Some(Block { language, code });
                }
                Event::Text(text) => {
                    if let Some(block) = &mut block {
                        block.code.push_str(&text);
                    }
                }
                Event::End(TagEnd::CodeBlock) => blocks.extend(block.take()),
                _ => {}
            }
        }
        blocks
    }

    /// The rows of its tables.
    pub(crate) fn rows(&self) -> Vec<Row> {
        let mut rows = Vec::new();
        let mut headings: Vec<(u8, String)> = Vec::new();
        let (mut head, mut codes) = (String::new(), Vec::new());
        let (mut in_heading, mut in_head, mut cell) = (false, false, 0);
        for event in self.events() {
            match event {
                Event::Start(Tag::Heading { level, .. }) => {
                    in_heading = true;
                    headings.retain(|(outer, _)| *outer < level as u8);
                    headings.push((level as u8, String::new()));
                }
                Event::End(TagEnd::Heading(_)) => in_heading = false,
                Event::Start(Tag::TableHead) => (in_head, cell) = (true, 0),
                Event::End(TagEnd::TableHead) => in_head = false,
                Event::Start(Tag::Table(_)) => head.clear(),
                Event::Start(Tag::TableRow) => (codes, cell) = (Vec::new(), 0),
                Event::End(TagEnd::TableCell) => cell += 1,
                Event::End(TagEnd::TableRow) => rows.push(Row {
                    headings: headings.iter().map(|(_, heading)| heading.clone()).collect(),
                    head: head.clone(),
                    codes: std::mem::take(&mut codes),
                }),
                Event::Text(text) | Event::Code(text) if in_heading => {
                    headings.last_mut().expect("it has begun").1.push_str(&text);
                }
                Event::Text(text) | Event::Code(text) if in_head && cell == 0 => head.push_str(&text),
                Event::Code(code) if cell == 0 => codes.push(code.into_string()),
                _ => {}
            }
        }
        rows
    }

    /// The pieces of code in the first column of the tables under a heading.
    pub(crate) fn codes_under(&self, heading: &str) -> Vec<String> {
        let rows = self.rows().into_iter();
        let codes: Vec<_> = rows
            .filter(|row| row.headings.last().is_some_and(|last| last == heading))
            .flat_map(|row| row.codes)
            .collect();
        assert!(
            !codes.is_empty(),
            "{} has a table under `{heading}`",
            self.path.display()
        );
        codes
    }
}

fn anchor(heading: &str) -> String {
    heading
        .to_lowercase()
        .chars()
        .filter_map(|character| match character {
            ' ' => Some('-'),
            '-' | '_' => Some(character),
            _ => character.is_alphanumeric().then_some(character),
        })
        .collect()
}
