use std::path::Path;
use std::process::{Command, Stdio};

/// The revision that is checked out, with `-dirty` behind it where the work tree has changes; `None` where there is no git,
/// or no commit.
#[must_use]
pub fn head(root: &Path) -> Option<String> {
    let root = if root.as_os_str().is_empty() {
        Path::new(".")
    } else {
        root
    };
    let output = Command::new("git")
        .args(["describe", "--always", "--dirty", "--abbrev=40", "--exclude=*"])
        .current_dir(root)
        .stdin(Stdio::null())
        .output()
        .ok()
        .filter(|output| output.status.success())?;
    let revision = String::from_utf8(output.stdout).ok()?;
    Some(revision.trim().to_owned()).filter(|revision| !revision.is_empty())
}
