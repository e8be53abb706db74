use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Output;
use std::{env, fs, process};

use super::submodules;
use crate::error::{Error, ErrorKind};
use crate::git::Git;
use crate::progress::say;

/// What the folder of a worktree begins with; the process that made it follows.
const OURS: &str = "cargo-ssot-prove-";

/// The same for one that is to stay, which nobody prunes.
const KEPT: &str = "cargo-ssot-kept-";

/// A worktree of a revision, in the folder for temporary files; gone when this is dropped.
#[derive(Debug)]
pub(crate) struct Worktree {
    git: Git,
    folder: PathBuf,
    keep: bool,
}

impl Worktree {
    /// Checks a revision out, with the submodules that are checked out here.
    ///
    /// # Errors
    ///
    /// Where git cannot, or there is no room.
    pub(crate) fn add(git: &Git, revision: &str, keep: bool) -> Result<Self, Error> {
        let prefix = format!("{}{}-", if keep { KEPT } else { OURS }, process::id());
        let temporary = env::temp_dir();
        let folder = tempfile::Builder::new()
            .prefix(&prefix)
            .tempdir_in(&temporary)
            .map_err(|error| Error::unwritable(&temporary, error))?
            .keep();
        // From here on, whatever happens removes it.
        let mut worktree = Self {
            git: git.clone(),
            folder,
            keep,
        };
        worktree.folder =
            fs::canonicalize(&worktree.folder).map_err(|error| Error::unreadable(&worktree.folder, error))?;
        // A hook of the project is for checkouts that somebody works in.
        let mut add = git.command();
        add.args([
            "-c",
            "core.hooksPath=/dev/null",
            "worktree",
            "add",
            "--quiet",
            "--detach",
        ])
        .arg(&worktree.folder)
        .arg(revision);
        let said = add.output().map_err(unstartable)?;
        if !said.status.success() {
            let what = format!("git cannot check {revision} out");
            return Err(Error::new(ErrorKind::Git, what, "see what it says of it")
                .with_details(String::from_utf8_lossy(&said.stderr)));
        }
        submodules::check_out(&git.top, &worktree.folder)?;
        Ok(worktree)
    }

    /// Its topmost folder.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }
}

impl Drop for Worktree {
    fn drop(&mut self) {
        if self.keep {
            say(&format!("ssot: the base is kept: {}", self.folder.display()));
        } else if let Err(why) = remove(&self.git, &self.folder) {
            let folder = self.folder.display();
            say(&format!(
                "ssot: {folder} cannot be removed, remove it by hand: {why}"
            ));
        }
    }
}

/// Removes the worktrees of processes that were killed.
///
/// # Errors
///
/// Where git cannot list them. One that cannot be removed is left for the next time.
pub(crate) fn prune(git: &Git) -> Result<(), Error> {
    let list = git.run(&["worktree", "list", "--porcelain"])?;
    for folder in list.lines().filter_map(|line| line.strip_prefix("worktree ")) {
        let folder = Path::new(folder);
        let process = folder
            .file_name()
            .and_then(OsStr::to_str)
            .and_then(|name| name.strip_prefix(OURS)?.split('-').next()?.parse().ok());
        if process.is_some_and(is_gone)
            && let Err(why) = remove(git, folder)
        {
            let folder = folder.display();
            say(&format!(
                "ssot: {folder} of an earlier call cannot be removed: {why}"
            ));
        }
    }
    Ok(())
}

fn remove(git: &Git, folder: &Path) -> Result<(), String> {
    let said = have_git_remove(git, folder)?;
    let is_removed = said.status.success();
    if folder.exists() {
        // Git leaves a folder alone that it has not come to know.
        fs::remove_dir_all(folder).map_err(|error| error.to_string())?;
    }
    if is_removed || !is_listed(git, folder)? {
        return Ok(());
    }
    // It was kept from removing the folder, or ended meanwhile: now that there is none, it forgets the worktree.
    let again = have_git_remove(git, folder)?;
    if again.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&again.stderr).trim().to_owned())
    }
}

fn have_git_remove(git: &Git, folder: &Path) -> Result<Output, String> {
    let mut remove = git.command();
    remove
        .args(["worktree", "remove", "--force", "--force"])
        .arg(folder);
    remove.output().map_err(|error| error.to_string())
}

fn is_listed(git: &Git, folder: &Path) -> Result<bool, String> {
    let list = git
        .run(&["worktree", "list", "--porcelain"])
        .map_err(|error| error.to_string())?;
    Ok(list
        .lines()
        .filter_map(|line| line.strip_prefix("worktree "))
        .any(|listed| Path::new(listed) == folder))
}

fn unstartable(error: std::io::Error) -> Error {
    Error::new(
        ErrorKind::Git,
        "git cannot be started",
        "see that it is installed and in PATH",
    )
    .because(error)
}

#[cfg(unix)]
fn is_gone(process: i32) -> bool {
    use rustix::io::Errno;
    use rustix::process::{Pid, test_kill_process};

    Pid::from_raw(process).is_some_and(|process| test_kill_process(process) == Err(Errno::SRCH))
}

#[cfg(not(unix))]
fn is_gone(_process: i32) -> bool {
    false
}
