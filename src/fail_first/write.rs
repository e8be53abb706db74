//! Writing a file of the ledger.

use std::fmt;

use toml_writer::{TomlKeyBuilder, TomlStringBuilder, TomlWrite as _, WriteTomlKey};

use super::entry::{Entry, Green, Red, Seen};
use super::{Covers, Fingerprint};

const HEAD: &str = "\
# That this test failed before its fix, and for which reason. Written by ssot-harness: commit it, leave it as it is.
# `cargo ssot status` lists all of them.
";

/// The file that holds it: the same text for the same entry, with one fact in a line.
impl fmt::Display for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut toml = Writer(f);
        toml.0.write_str(HEAD)?;
        toml.version(1)?;
        toml.text("issue", &self.issue)?;
        toml.text("expect", &self.expect)?;
        if let Some(target) = self.target {
            toml.text("target", &target.to_string())?;
        }
        toml.hash("source", self.source)?;
        if let Some(Covers { own, digest, files }) = &self.covers {
            toml.hash("own", *own)?;
            toml.hash("covers", *digest)?;
            toml.table("files")?;
            for (file, hash) in files {
                toml.hash(TomlKeyBuilder::new(file).as_basic(), *hash)?;
            }
        }
        let Red {
            fingerprint: Fingerprint { kind, surface, shape },
            revision,
            seen,
        } = &self.red;
        toml.table("red")?;
        toml.text("kind", kind)?;
        if let Some(surface) = surface {
            toml.text("surface", surface)?;
        }
        toml.text("shape", shape)?;
        toml.seen(revision.as_deref(), *seen)?;
        if let Some(Green { revision, seen }) = &self.green {
            toml.table("green")?;
            toml.seen(revision.as_deref(), *seen)?;
        }
        Ok(())
    }
}

struct Writer<'f, 'b>(&'f mut fmt::Formatter<'b>);

impl Writer<'_, '_> {
    fn table(&mut self, name: &str) -> fmt::Result {
        self.0.newline()?;
        self.0.open_table_header()?;
        self.0.key(name)?;
        self.0.close_table_header()?;
        self.0.newline()
    }

    fn key(&mut self, key: impl WriteTomlKey) -> fmt::Result {
        self.0.key(key)?;
        self.0.space()?;
        self.0.keyval_sep()?;
        self.0.space()
    }

    fn version(&mut self, version: u64) -> fmt::Result {
        self.key("version")?;
        self.0.value(version)?;
        self.0.newline()
    }

    /// A text between double quotes, whatever it holds, so that one text has one form.
    fn text(&mut self, key: impl WriteTomlKey, text: &str) -> fmt::Result {
        self.key(key)?;
        self.0.value(TomlStringBuilder::new(text).as_basic())?;
        self.0.newline()
    }

    fn hash(&mut self, key: impl WriteTomlKey, hash: u64) -> fmt::Result {
        self.text(key, &format!("{hash:016x}"))
    }

    fn seen(&mut self, revision: Option<&str>, seen: Seen) -> fmt::Result {
        if let Some(revision) = revision {
            self.text("revision", revision)?;
        }
        self.text("seen", seen.as_str())
    }
}
