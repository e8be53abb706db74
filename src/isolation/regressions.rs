use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use thiserror::Error;

use super::test_path::{TestPath, package_root};

const FIRST_LINE: &str = "ssot-regressions 1";

/// The failures that a test has had, as text: a line each, the newest last.
#[derive(Clone, Debug)]
pub(crate) struct Regressions {
    /// Relative to the package.
    pub(crate) file: PathBuf,
    root: PathBuf,
    test: String,
}

/// A file of kept failures that cannot be used.
#[derive(Debug, Error)]
pub(crate) enum RegressionsError {
    #[error("{} cannot be {doing}: {error}", file.display())]
    Io {
        file: PathBuf,
        doing: &'static str,
        error: io::Error,
    },
    #[error("{} begins with `{found}`, and this release reads files that begin with `{FIRST_LINE}`", file.display())]
    Version { file: PathBuf, found: String },
}

impl Regressions {
    pub(crate) fn of(test: &TestPath) -> Self {
        Self {
            file: test.regressions(),
            root: package_root(),
            test: test.path().to_owned(),
        }
    }

    fn path(&self) -> PathBuf {
        self.root.join(&self.file)
    }

    /// The kept failures, each with the number of its line.
    pub(crate) fn read(&self) -> Result<Vec<(usize, String)>, RegressionsError> {
        let text = match fs::read_to_string(self.path()) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(self.io("read", error)),
        };
        let mut lines = text.lines().enumerate();
        match lines.next() {
            Some((_, FIRST_LINE)) => {}
            first => {
                let found = first.map_or("", |(_, line)| line).chars().take(60).collect();
                return Err(RegressionsError::Version {
                    file: self.file.clone(),
                    found,
                });
            }
        }
        let kept = lines.map(|(index, line)| (index + 1, line.trim()));
        Ok(kept
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(number, line)| (number, line.to_owned()))
            .collect())
    }

    /// Adds a failure, unless it is there already. The file is replaced as a whole, so that it is never half a file.
    pub(crate) fn keep(&self, replay: &str) -> Result<(), RegressionsError> {
        let known = self.read()?;
        if known.iter().any(|(_, line)| line == replay) {
            return Ok(());
        }
        let path = self.path();
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == io::ErrorKind::NotFound => format!(
                "{FIRST_LINE}\n# Schedules in which `{}` failed. They are run first next time: keep this file.\n",
                self.test
            ),
            Err(error) => return Err(self.io("read", error)),
        };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        self.replace(&path, &format!("{text}{end}{replay}\n"))
            .map_err(|error| self.io("written", error))
    }

    fn replace(&self, path: &Path, text: &str) -> io::Result<()> {
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        // Two processes may keep a failure of the same test at once.
        let draft = path.with_extension(format!("{}.tmp", std::process::id()));
        let mut file = fs::File::create(&draft)?;
        let written = file
            .write_all(text.as_bytes())
            .and_then(|()| file.sync_all())
            .and_then(|()| fs::rename(&draft, path));
        if written.is_err() && draft.exists() {
            fs::remove_file(&draft)?;
        }
        written
    }

    fn io(&self, doing: &'static str, error: io::Error) -> RegressionsError {
        RegressionsError::Io {
            file: self.file.clone(),
            doing,
            error,
        }
    }
}
