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
    /// Where failures of this test were kept by versions that named tests otherwise.
    older: Option<PathBuf>,
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
            older: test.older_regressions(),
            root: package_root(),
            test: test.path().to_owned(),
        }
    }

    fn path(&self) -> PathBuf {
        self.root.join(&self.file)
    }

    /// The kept failures, each with its file and the number of its line.
    pub(crate) fn read(&self) -> Result<Vec<(PathBuf, usize, String)>, RegressionsError> {
        let mut kept: Vec<(PathBuf, usize, String)> = Vec::new();
        for file in std::iter::once(&self.file).chain(&self.older) {
            for (number, line) in self.read_file(file)? {
                if kept.iter().all(|(_, _, known)| *known != line) {
                    kept.push((file.clone(), number, line));
                }
            }
        }
        Ok(kept)
    }

    fn read_file(&self, file: &Path) -> Result<Vec<(usize, String)>, RegressionsError> {
        let text = match fs::read_to_string(self.root.join(file)) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => return Ok(Vec::new()),
            Err(error) => return Err(io_error(file, "read", error)),
        };
        let mut lines = text.lines().enumerate();
        match lines.next() {
            Some((_, FIRST_LINE)) => {}
            first => {
                let found = first.map_or("", |(_, line)| line).chars().take(60).collect();
                return Err(RegressionsError::Version {
                    file: file.to_owned(),
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

    /// Adds a failure, unless it is there already. The file is replaced as a whole, so that it is never half a file, under a
    /// lock, so that no two processes or threads lose each other's failures.
    pub(crate) fn keep(&self, replay: &str) -> Result<(), RegressionsError> {
        let path = self.path();
        let folder = path.parent().unwrap_or(&self.root);
        let _lock = fs::create_dir_all(folder)
            .and_then(|()| lock(folder))
            .map_err(|error| self.io("written", error))?;
        let known = self.read()?;
        if known.iter().any(|(_, _, line)| line == replay) {
            return Ok(());
        }
        let text = match fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if is_absent(&error) => format!(
                "{FIRST_LINE}\n# Schedules in which `{}` failed. They are run first next time: keep this file.\n",
                self.test
            ),
            Err(error) => return Err(self.io("read", error)),
        };
        let end = if text.ends_with('\n') { "" } else { "\n" };
        Self::replace(&path, &format!("{text}{end}{replay}\n")).map_err(|error| self.io("written", error))
    }

    fn replace(path: &Path, text: &str) -> io::Result<()> {
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
        io_error(&self.file, doing, error)
    }
}

fn io_error(file: &Path, doing: &'static str, error: io::Error) -> RegressionsError {
    RegressionsError::Io {
        file: file.to_owned(),
        doing,
        error,
    }
}

/// The lock of a folder of kept failures, which is let go when it is dropped. It is on the folder itself, so that nothing is left
/// behind.
#[cfg(unix)]
fn lock(folder: &Path) -> io::Result<fs::File> {
    let folder = fs::File::open(folder)?;
    folder.lock()?;
    Ok(folder)
}

/// The lock of a folder of kept failures, which is let go when it is dropped. A folder cannot be locked itself here.
#[cfg(not(unix))]
fn lock(folder: &Path) -> io::Result<fs::File> {
    let digest = crate::digest::Digest::new().bytes(folder.as_os_str().as_encoded_bytes());
    let file = std::env::temp_dir().join(format!("ssot-regressions-{:016x}.lock", digest.finish()));
    let file = fs::File::options()
        .create(true)
        .write(true)
        .truncate(false)
        .open(file)?;
    file.lock()?;
    Ok(file)
}

/// Nothing was kept so far; that a file is where a folder belongs shows when something is to be kept.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}
