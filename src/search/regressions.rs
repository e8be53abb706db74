use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::files::LockedFolder;
use crate::report::{TestPath, package_root};

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

    /// Adds a failure, unless it is there already. Under the folder's lock, so that no two processes or threads lose each other's
    /// failures.
    pub(crate) fn keep(&self, replay: &str) -> Result<(), RegressionsError> {
        let path = self.path();
        let folder = path.parent().unwrap_or(&self.root);
        let locked = LockedFolder::acquire(folder).map_err(|error| self.io("written", error))?;
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
        let name = path.file_name().map_or(path.as_path(), Path::new);
        locked
            .replace(name, &format!("{text}{end}{replay}\n"))
            .map_err(|error| self.io("written", error))
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

/// Nothing was kept so far; that a file is where a folder belongs shows when something is to be kept.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::io::{BufRead as _, BufReader};
    use std::process::{Child, Command, Stdio};
    use std::{env, thread};

    use super::*;

    const WRITERS: usize = 32;
    const EACH: usize = 4;
    const FOLDER: &str = "SSOT_TEST_KEEPS_IN";
    const WRITER: &str = "SSOT_TEST_KEEPS_AS";

    fn of(root: &Path) -> Regressions {
        Regressions {
            file: "ssot-regressions/shop/orders.txt".into(),
            older: Some("ssot-regressions/support/check.txt".into()),
            root: root.to_owned(),
            test: "orders".to_owned(),
        }
    }

    fn replay(writer: usize, number: usize) -> String {
        format!("v1:one@{number}:{}", writer + 1)
    }

    fn keep_some(root: &Path, writer: usize) {
        for number in 0..EACH {
            of(root).keep(&replay(writer, number)).unwrap();
        }
    }

    fn kept(root: &Path) -> BTreeSet<String> {
        let kept = of(root).read().unwrap();
        kept.into_iter().map(|(_, _, line)| line).collect()
    }

    fn all_are_kept(root: &Path) {
        assert_eq!(kept(root).len(), WRITERS * EACH);
        let files: Vec<_> = fs::read_dir(root.join("ssot-regressions/shop"))
            .unwrap()
            .collect();
        assert_eq!(files.len(), 1, "nothing else is left behind: {files:?}");
    }

    /// This program once more, with one of the tests below to run.
    fn writer(test: &str, root: &Path, writer: usize) -> Child {
        let (_, module) = module_path!().split_once("::").unwrap();
        Command::new(env::current_exe().unwrap())
            .args(["--exact", "--nocapture", &format!("{module}::{test}")])
            .env(FOLDER, root)
            .env(WRITER, writer.to_string())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap()
    }

    /// In a process that a test has started: where it keeps failures, and which of the writers it is.
    fn told() -> Option<(PathBuf, usize)> {
        let root = env::var_os(FOLDER)?;
        Some((root.into(), env::var(WRITER).unwrap().parse().unwrap()))
    }

    #[test]
    fn threads_that_keep_failures_of_one_test_at_once_lose_none() {
        let root = tempfile::tempdir().unwrap();
        thread::scope(|scope| {
            for writer in 0..WRITERS {
                let root = root.path();
                scope.spawn(move || keep_some(root, writer));
            }
        });
        all_are_kept(root.path());
    }

    /// As nextest runs tests.
    #[test]
    fn processes_that_keep_failures_of_one_test_at_once_lose_none() {
        if let Some((root, writer)) = told() {
            keep_some(&root, writer);
            return;
        }
        let root = tempfile::tempdir().unwrap();
        let own = "processes_that_keep_failures_of_one_test_at_once_lose_none";
        let writers: Vec<_> = (0..WRITERS)
            .map(|number| writer(own, root.path(), number))
            .collect();
        for writer in writers {
            assert!(writer.wait_with_output().unwrap().status.success());
        }
        all_are_kept(root.path());
    }

    /// Writers are killed while they write: what they have kept is there, and the next one leaves nothing of theirs behind.
    #[cfg(unix)]
    #[test]
    fn a_kill_at_any_moment_loses_no_failure_that_was_kept() {
        if let Some((root, writer)) = told() {
            for number in 0.. {
                of(&root).keep(&replay(writer, number)).unwrap();
                println!("kept {}", replay(writer, number));
            }
        }
        let root = tempfile::tempdir().unwrap();
        let own = "a_kill_at_any_moment_loses_no_failure_that_was_kept";
        for round in 0..4 {
            let writers: Vec<_> = (0..3)
                .map(|number| {
                    let mut child = writer(own, root.path(), 3 * round + number);
                    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
                    // It is at it now.
                    let first = lines
                        .by_ref()
                        .find(|line| line.as_ref().unwrap().contains("kept "));
                    (child, lines, first.unwrap().unwrap())
                })
                .collect();
            for (mut child, lines, first) in writers {
                child.kill().unwrap();
                child.wait().unwrap();
                let lines = lines.map(Result::unwrap);
                let said = std::iter::once(first)
                    .chain(lines)
                    .filter(|line| line.contains("kept "));
                let kept = kept(root.path());
                for line in said {
                    let (_, replay) = line.split_once("kept ").unwrap();
                    // What is said last may have been cut by the kill.
                    assert!(kept.iter().any(|line| line.starts_with(replay)), "{replay}");
                }
            }
        }
        of(root.path()).keep("v1:one@0:999").unwrap();
        let files: Vec<_> = fs::read_dir(root.path().join("ssot-regressions/shop"))
            .unwrap()
            .collect();
        assert_eq!(files.len(), 1, "nothing else is left behind: {files:?}");
    }

    #[test]
    fn what_a_version_before_kept_by_another_name_is_read_too() {
        let root = tempfile::tempdir().unwrap();
        let older = root.path().join("ssot-regressions/support/check.txt");
        fs::create_dir_all(older.parent().unwrap()).unwrap();
        fs::write(
            &older,
            "ssot-regressions 1\n# A comment.\nv1:one@0:1\nv1:one@0:2\n",
        )
        .unwrap();
        let regressions = of(root.path());
        regressions.keep("v1:one@0:2").unwrap();
        regressions.keep("v1:one@0:3").unwrap();
        let kept: Vec<_> = regressions
            .read()
            .unwrap()
            .into_iter()
            .map(|(file, number, line)| (file.display().to_string(), number, line))
            .collect();
        let new = "ssot-regressions/shop/orders.txt".to_owned();
        let old = "ssot-regressions/support/check.txt".to_owned();
        assert_eq!(
            kept,
            [
                (new, 3, "v1:one@0:3".to_owned()),
                (old.clone(), 3, "v1:one@0:1".to_owned()),
                (old, 4, "v1:one@0:2".to_owned())
            ]
        );
    }
}
