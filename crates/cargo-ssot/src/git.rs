use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, SystemTime};

use crate::error::{Error, ErrorKind};
use crate::interrupt;

/// Where the main branch is looked for, in this order.
const MAIN_BRANCHES: [&str; 5] = ["origin/HEAD", "main", "master", "origin/main", "origin/master"];

/// What git sets for a hook, or for `rebase --exec`, and what would have a call for one folder answer for another.
const SET_BY_GIT: [&str; 6] = [
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_OBJECT_DIRECTORY",
    "GIT_COMMON_DIR",
    "GIT_PREFIX",
];

/// A git work tree.
#[derive(Clone, Debug)]
pub(crate) struct Git {
    /// Its topmost folder.
    pub(crate) top: PathBuf,
}

/// Where the checked-out revision left the main branch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct MergeBase {
    pub(crate) branch: &'static str,
    pub(crate) revision: String,
}

impl Git {
    /// The work tree that a folder is in.
    ///
    /// # Errors
    ///
    /// Where it is in none, or there is no git.
    pub(crate) fn at(folder: &Path) -> Result<Self, Error> {
        match output(git(folder).args(["rev-parse", "--show-toplevel"]))? {
            Ok(top) => Ok(Self {
                top: PathBuf::from(top),
            }),
            Err(said) => Err(Error::new(
                ErrorKind::NoRepository,
                format!("{} is in no git repository", folder.display()),
                "go to one, or make it one: `git init`",
            )
            .with_details(said)),
        }
    }

    /// Git in the topmost folder, ready for its arguments.
    pub(crate) fn command(&self) -> Command {
        git(&self.top)
    }

    /// What git says to these arguments, without the line's end.
    ///
    /// # Errors
    ///
    /// Where it fails.
    pub(crate) fn run(&self, arguments: &[&str]) -> Result<String, Error> {
        self.ask(arguments)?.map_err(|said| {
            let what = format!("git {} failed", arguments.join(" "));
            Error::new(ErrorKind::Git, what, "see what git says of it").with_details(said)
        })
    }

    /// The revision that is checked out.
    ///
    /// # Errors
    ///
    /// Where nothing has been committed yet.
    pub(crate) fn head(&self) -> Result<String, Error> {
        self.rev_parse("HEAD")
    }

    /// The full name of a revision.
    ///
    /// # Errors
    ///
    /// Where there is none such; says so where it may not have been fetched.
    pub(crate) fn rev_parse(&self, revision: &str) -> Result<String, Error> {
        let commit = format!("{revision}^{{commit}}");
        self.ask(&["rev-parse", "--verify", "--quiet", "--end-of-options", &commit])?
            .or_else(|_| {
                let what = format!("there is no revision `{revision}` in this repository");
                if self.is_shallow()? {
                    let what = format!("{what}, which is a shallow clone");
                    return Err(Error::new(
                        ErrorKind::Shallow,
                        what,
                        "fetch the rest of it: `git fetch --unshallow`",
                    ));
                }
                Err(Error::new(
                    ErrorKind::NoRevision,
                    what,
                    "see `git log` for those that there are",
                ))
            })
    }

    /// Where the checked-out revision left the main branch.
    ///
    /// # Errors
    ///
    /// Where no main branch is found, or they have nothing in common.
    pub(crate) fn merge_base_with_main(&self) -> Result<MergeBase, Error> {
        let head = self.head()?;
        for branch in MAIN_BRANCHES {
            let commit = format!("{branch}^{{commit}}");
            if self.ask(&["rev-parse", "--verify", "--quiet", &commit])?.is_err() {
                continue;
            }
            return match self.ask(&["merge-base", &head, branch])? {
                Ok(revision) => Ok(MergeBase { branch, revision }),
                Err(_) if self.is_shallow()? => Err(Error::new(
                    ErrorKind::Shallow,
                    format!("where HEAD left {branch} was not fetched: this is a shallow clone"),
                    "fetch the rest of it: `git fetch --unshallow`",
                )),
                Err(_) => Err(Error::new(
                    ErrorKind::NoRevision,
                    format!("HEAD and {branch} have no revision in common"),
                    "name a base: --base <revision before the fix>",
                )),
            };
        }
        Err(Error::new(
            ErrorKind::NoRevision,
            format!("there is no main branch: looked for {}", MAIN_BRANCHES.join(", ")),
            "name a base: --base <revision before the fix>",
        ))
    }

    /// Whether the work tree holds what is not committed.
    ///
    /// # Errors
    ///
    /// Where git fails.
    pub(crate) fn is_dirty(&self) -> Result<bool, Error> {
        // Whoever has set git to leave out what is untracked did not mean this.
        let untracked = "--untracked-files=normal";
        Ok(!self.run(&["status", "--porcelain", untracked])?.is_empty())
    }

    /// Whether some of the history was not fetched.
    ///
    /// # Errors
    ///
    /// Where git fails.
    pub(crate) fn is_shallow(&self) -> Result<bool, Error> {
        Ok(self.run(&["rev-parse", "--is-shallow-repository"])? == "true")
    }

    /// When a revision was committed; `None` where it is not here.
    pub(crate) fn commit_time(&self, revision: &str) -> Option<SystemTime> {
        let commit = format!("{revision}^{{commit}}");
        self.time(&["show", "--no-patch", "--format=%ct", "--end-of-options", &commit])
    }

    /// When a file was last committed; `None` where it never was.
    pub(crate) fn last_commit_of(&self, file: &Path) -> Option<SystemTime> {
        self.time(&["log", "-1", "--format=%ct", "--", file.to_str()?])
    }

    fn time(&self, arguments: &[&str]) -> Option<SystemTime> {
        let seconds = self.run(arguments).ok()?.parse().ok()?;
        SystemTime::UNIX_EPOCH.checked_add(Duration::from_secs(seconds))
    }

    fn ask(&self, arguments: &[&str]) -> Result<Result<String, String>, Error> {
        output(self.command().args(arguments))
    }
}

fn git(folder: &Path) -> Command {
    let mut git = Command::new("git");
    git.current_dir(folder).stdin(Stdio::null());
    for name in SET_BY_GIT {
        git.env_remove(name);
    }
    interrupt::spare(&mut git);
    git
}

/// What git said: on standard output where it succeeded, else on standard error.
fn output(git: &mut Command) -> Result<Result<String, String>, Error> {
    let output = git.output().map_err(|error| {
        Error::new(
            ErrorKind::Git,
            "git cannot be started",
            "see that it is installed and in PATH",
        )
        .because(error)
    })?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim_end().to_owned();
    Ok(if output.status.success() {
        Ok(text(&output.stdout))
    } else {
        Err(text(&output.stderr))
    })
}
