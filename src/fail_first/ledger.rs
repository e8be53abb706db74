use std::path::{Path, PathBuf};
use std::{env, fs, io};

use thiserror::Error;

use super::parse::Unreadable;
use super::{Entry, Target};
use crate::files::LockedFolder;

/// The folder of a package that holds its ledger.
const FOLDER: &str = "fail-first";

/// The committed record of a package's fail-first tests: a file for each, below `fail-first/`.
#[derive(Clone, Debug)]
pub struct Ledger {
    root: PathBuf,
}

/// What is on record of a test.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OnRecord {
    /// Its file, relative to the package.
    pub file: PathBuf,
    /// What that holds; `None` where there is none.
    pub entry: Option<Entry>,
}

/// A file of the ledger that cannot be used.
#[derive(Debug, Error)]
#[error("{}{}: {what}; {remedy}", file.display(), line.map_or_else(String::new, |line| format!(":{line}")))]
pub struct LedgerError {
    file: PathBuf,
    line: Option<usize>,
    what: String,
    remedy: String,
}

impl LedgerError {
    /// Which file, relative to the package.
    #[must_use]
    pub fn file(&self) -> &Path {
        &self.file
    }

    /// The same error with its file named from somewhere else: `folder` is the package's from there on.
    #[must_use]
    pub fn below(mut self, folder: &Path) -> Self {
        self.file = folder.join(self.file);
        self
    }

    /// In which line, from 1, where it is a matter of one.
    #[must_use]
    pub fn line(&self) -> Option<usize> {
        self.line
    }
}

impl Ledger {
    /// The ledger of the package at `root`.
    pub fn of_package(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into() }
    }

    /// The ledger of the package whose tests this process runs.
    #[must_use]
    pub fn of_this_process() -> Self {
        Self::of_package(env::var_os("CARGO_MANIFEST_DIR").map_or_else(PathBuf::new, PathBuf::from))
    }

    /// The package's folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// A file of the ledger as somebody reads it where cargo was started, as far as that is known: a test program runs in its
    /// package's folder, but has the `PWD` of the shell.
    #[must_use]
    pub fn shown(&self, file: &Path) -> PathBuf {
        let started = env::var_os("PWD").map(PathBuf::from);
        let within = started
            .filter(|started| started.parent().is_some())
            .and_then(|started| Some(self.root.strip_prefix(started).ok()?.join(file)));
        within.unwrap_or_else(|| file.to_owned())
    }

    /// Where a test's file is, relative to the package: `krate` is the test program's crate, `path` the test's within it.
    #[must_use]
    pub fn file(krate: &str, path: &str) -> PathBuf {
        let mut file = Path::new(FOLDER).join(krate);
        file.extend(path.split("::"));
        let name = file
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        file.set_file_name(format!("{name}.toml"));
        file
    }

    /// The same for a target of any kind. A library, a program, an example or a benchmark may have the name of an integration
    /// test, whose files have the crate's name alone: theirs have the kind behind it.
    #[must_use]
    pub fn file_in(target: Option<Target>, krate: &str, path: &str) -> PathBuf {
        match target {
            None | Some(Target::Test) => Self::file(krate, path),
            Some(kind) => Self::file(&format!("{krate}+{kind}"), path),
        }
    }

    /// What is on record of a test, and in which file that is, or would be.
    ///
    /// Releases before wrote files that name no target: such a file is the test's whose crate and path it has.
    ///
    /// # Errors
    ///
    /// Where its file cannot be read, or its evidence contradicts what it says: names what to do.
    pub fn find(&self, target: Option<Target>, krate: &str, path: &str) -> Result<OnRecord, LedgerError> {
        let file = self.place(target, krate, path);
        let entry = self.read_sound(&file)?;
        Ok(OnRecord { file, entry })
    }

    /// What is on record of a test, without a contradiction.
    fn read_sound(&self, file: &Path) -> Result<Option<Entry>, LedgerError> {
        let entry = self.read(file)?;
        match entry.as_ref().and_then(Entry::contradiction) {
            None => Ok(entry),
            Some(what) => Err(LedgerError {
                file: file.to_owned(),
                line: None,
                what,
                remedy: "no run can have shown that: restore the file from version control, or delete it and prove the test again"
                    .to_owned(),
            }),
        }
    }

    /// The file that is, or would be, a test's, relative to the package.
    #[must_use]
    pub fn place(&self, target: Option<Target>, krate: &str, path: &str) -> PathBuf {
        let plain = Self::file(krate, path);
        let own = match target {
            None => return plain,
            Some(kind) => Self::file(&format!("{krate}+{kind}"), path),
        };
        if self.root.join(&own).exists() {
            return own;
        }
        let has_plain = self.root.join(&plain).exists();
        // What cannot be read is told by who reads it.
        let is_anothers = has_plain
            && self.read(&plain).is_ok_and(|entry| {
                entry.is_some_and(|entry| entry.target.is_some_and(|of| Some(of) != target))
            });
        match (has_plain, is_anothers) {
            (true, false) => plain,
            (true, true) => own,
            (false, _) => Self::file_in(target, krate, path),
        }
    }

    /// What is on record of a test.
    ///
    /// # Errors
    ///
    /// Where its file cannot be read, or is not what this crate writes: names the line and what to do.
    pub fn read(&self, file: &Path) -> Result<Option<Entry>, LedgerError> {
        let text = match fs::read_to_string(self.root.join(file)) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => {
                return Err(LedgerError {
                    file: file.to_owned(),
                    line: None,
                    what: format!("cannot be read: {error}"),
                    remedy: "let the tests read it".to_owned(),
                });
            }
        };
        let unreadable = |Unreadable { line, what, remedy }| LedgerError {
            file: file.to_owned(),
            line,
            what,
            remedy: remedy.to_owned(),
        };
        Entry::parse(&text).map(Some).map_err(unreadable)
    }

    /// Replaces what is on record of a test, as a whole: whoever reads meanwhile sees the old file or the new one, and so
    /// does whoever comes after a power cut. Where the new entry follows from the old one, use [`update`](Self::update).
    ///
    /// # Errors
    ///
    /// Where the file cannot be written.
    pub fn write(&self, file: &Path, entry: &Entry) -> Result<(), LedgerError> {
        replace(&self.locked(file)?, file, entry)
    }

    /// Replaces what is on record of a test by what follows from it, and returns what was written. No other process writes
    /// between the reading and the writing. Nothing is written where `change` returns `None`.
    ///
    /// `change` must not write to the ledger itself: the folder of the file is locked meanwhile.
    ///
    /// # Errors
    ///
    /// Where the file cannot be read, its evidence contradicts what it says, or it cannot be written.
    pub fn update(
        &self,
        file: &Path,
        change: impl FnOnce(Option<Entry>) -> Option<Entry>,
    ) -> Result<Option<Entry>, LedgerError> {
        let folder = self.locked(file)?;
        let entry = change(self.read_sound(file)?);
        if let Some(entry) = &entry {
            replace(&folder, file, entry)?;
        }
        Ok(entry)
    }

    /// The files of the ledger, relative to the package, in the order of their paths.
    ///
    /// # Errors
    ///
    /// Where a folder cannot be read.
    pub fn files(&self) -> io::Result<Vec<PathBuf>> {
        let mut files = Vec::new();
        let mut folders = vec![PathBuf::from(FOLDER)];
        while let Some(folder) = folders.pop() {
            let entries = match fs::read_dir(self.root.join(&folder)) {
                Ok(entries) => entries,
                Err(error) if error.kind() == io::ErrorKind::NotFound => continue,
                Err(error) => return Err(error),
            };
            for entry in entries {
                let entry = entry?;
                let path = folder.join(entry.file_name());
                if entry.file_type()?.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "toml") {
                    files.push(path);
                }
            }
        }
        files.sort();
        Ok(files)
    }

    fn locked(&self, file: &Path) -> Result<LockedFolder, LedgerError> {
        let path = self.root.join(file);
        LockedFolder::acquire(path.parent().unwrap_or(&self.root)).map_err(|error| unwritable(file, &error))
    }
}

fn replace(folder: &LockedFolder, file: &Path, entry: &Entry) -> Result<(), LedgerError> {
    let name = file.file_name().map_or(file, Path::new);
    folder
        .replace(name, &entry.to_string())
        .map_err(|error| unwritable(file, &error))
}

fn unwritable(file: &Path, error: &io::Error) -> LedgerError {
    LedgerError {
        file: file.to_owned(),
        line: None,
        what: format!("cannot be written: {error}"),
        remedy: "let the tests write it, or set CI=true where nothing is to be recorded".to_owned(),
    }
}
