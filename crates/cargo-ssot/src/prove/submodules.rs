use std::path::{Path, PathBuf};

use super::listing;
use crate::error::{Error, ErrorKind};
use crate::git::Git;

/// Checks the submodules of a worktree out, from those of the work tree: no other place is asked, so that it works where
/// there is no network. What is not checked out here stays empty there too.
///
/// # Errors
///
/// Where git fails, or a submodule here has not the revision that the base asks for.
pub(crate) fn check_out(here: &Path, there: &Path) -> Result<(), Error> {
    for Submodule { path, revision } in submodules(there)? {
        let (from, to) = (here.join(&path), there.join(&path));
        if !from.join(".git").exists() {
            continue;
        }
        let mut clone = git(there);
        clone
            .args(["clone", "--quiet", "--shared", "--no-checkout"])
            .arg(&from)
            .arg(&to);
        listing::ask(&mut clone, "take a submodule along")?;
        let mut checkout = git(&to);
        checkout.args(["-c", "core.hooksPath=/dev/null"]);
        checkout.args(["checkout", "--quiet", "--detach", &revision]);
        listing::ask(&mut checkout, "check it out").map_err(|error| {
            let path = path.display();
            let what = format!("the submodule {path} has no revision {revision}, which the base asks for");
            Error::new(
                ErrorKind::NoRevision,
                what,
                format!("fetch it: `git -C {path} fetch`"),
            )
            .because(error)
        })?;
        check_out(&from, &to)?;
    }
    Ok(())
}

struct Submodule {
    path: PathBuf,
    revision: String,
}

fn submodules(there: &Path) -> Result<Vec<Submodule>, Error> {
    // `<mode> <type> <object>\t<path>`
    let mut list = git(there);
    list.args(["ls-tree", "-r", "-z", "HEAD"]);
    let listing = listing::ask(&mut list, "list what the base holds")?;
    let submodule = |entry: &[u8]| {
        let tab = entry.iter().position(|byte| *byte == b'\t')?;
        let facts = str::from_utf8(&entry[..tab]).ok()?;
        let revision = facts.strip_prefix("160000 commit ")?.to_owned();
        let path = listing::path(&entry[tab + 1..]);
        Some(Submodule { path, revision })
    };
    Ok(listing::entries(&listing).filter_map(submodule).collect())
}

fn git(folder: &Path) -> std::process::Command {
    let top = folder.to_owned();
    Git { top }.command()
}
