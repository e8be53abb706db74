//! Writes small files that several processes replace at the same time, such as the ledger and the kept failures.
//!
//! A file is always replaced as a whole, by a rename, so that a reader, and whoever comes after a kill or a power cut, finds the
//! old text or the new one. Whoever reads a file and writes what follows from it does both under the lock of the file's folder.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

/// How the name of a text begins that is not complete yet.
const DRAFT: &str = ".ssot-";

/// The extension of such a name. Earlier releases have it, too.
const EXTENSION: &str = "draft";

/// The exclusive right to replace the files of one folder, until this is dropped or the process ends.
///
/// The lock is on the folder itself, not on a file in it, so that nothing is left in a repository. Where the system or the file
/// system cannot lock a folder (Windows, NFS), the lock is on a file in the folder for temporary files, named after a hash of the
/// folder's path.
#[derive(Debug)]
pub(crate) struct LockedFolder {
    path: PathBuf,
    /// The system unlocks it when it is closed.
    _lock: File,
}

impl LockedFolder {
    /// Waits until no other process and no other thread has the folder. Creates the folder where it is missing.
    pub(crate) fn acquire(folder: &Path) -> io::Result<Self> {
        fs::create_dir_all(folder)?;
        Ok(Self {
            _lock: lock(folder)?,
            path: folder.to_owned(),
        })
    }

    /// Replaces a file of the folder, or creates it.
    pub(crate) fn replace(&self, name: &Path, text: &str) -> io::Result<()> {
        self.remove_drafts();
        replace(&self.path.join(name), text)
    }

    /// Removes the drafts of processes that were killed: nobody else writes here now.
    fn remove_drafts(&self) {
        let Ok(entries) = fs::read_dir(&self.path) else {
            return;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.extension().is_some_and(|extension| extension == EXTENSION) {
                // A draft that cannot be removed harms nobody; the next writer tries again.
                drop(fs::remove_file(&path));
            }
        }
    }
}

/// Replaces a file, or creates it, with the permissions that the process gives to new files.
///
/// Where the text follows from what the file held, use [`LockedFolder::replace`].
pub(crate) fn replace(path: &Path, text: &str) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new(""));
    // By `make_in`, because tempfile's own files are readable by their owner only, and because its errors name the draft.
    let mut draft = tempfile::Builder::new()
        .prefix(DRAFT)
        .suffix(&format!(".{EXTENSION}"))
        .make_in(folder, |draft| File::create_new(draft))?;
    draft.write_all(text.as_bytes())?;
    draft.as_file().sync_all()?;
    draft.persist(path).map(drop).map_err(|error| error.error)
}

fn lock(folder: &Path) -> io::Result<File> {
    match lock_handle(folder) {
        Ok(handle) => Ok(handle),
        Err(_unsupported) => lock_elsewhere(folder),
    }
}

#[cfg(unix)]
fn lock_handle(folder: &Path) -> io::Result<File> {
    locked(File::open(folder)?)
}

#[cfg(not(unix))]
fn lock_handle(_folder: &Path) -> io::Result<File> {
    Err(io::ErrorKind::Unsupported.into())
}

fn lock_elsewhere(folder: &Path) -> io::Result<File> {
    let folder = fs::canonicalize(folder)?;
    let digest = crate::digest::Digest::new().bytes(folder.as_os_str().as_encoded_bytes());
    let file = std::env::temp_dir().join(format!("ssot-{:016x}.lock", digest.finish()));
    locked(
        File::options()
            .create(true)
            .write(true)
            .truncate(false)
            .open(file)?,
    )
}

fn locked(file: File) -> io::Result<File> {
    loop {
        match file.lock() {
            Ok(()) => return Ok(file),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;

    use super::*;

    fn names(folder: &Path) -> Vec<String> {
        let entries = fs::read_dir(folder).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    #[test]
    fn a_file_is_replaced_and_nothing_else_is_left() {
        let root = tempfile::tempdir().unwrap();
        let folder = root.path().join("deep/er");
        let locked = LockedFolder::acquire(&folder).unwrap();
        fs::write(folder.join(".ssot-killed.draft"), "half a te").unwrap();
        fs::write(folder.join("other.txt"), "other").unwrap();
        for text in ["one\n", "the other\n"] {
            locked.replace(Path::new("a.txt"), text).unwrap();
            assert_eq!(fs::read_to_string(folder.join("a.txt")).unwrap(), text);
        }
        assert_eq!(names(&folder), ["a.txt", "other.txt"]);
    }

    #[test]
    fn a_text_that_cannot_be_put_in_its_place_is_removed() {
        let root = tempfile::tempdir().unwrap();
        fs::create_dir(root.path().join("a.txt")).unwrap();
        fs::write(root.path().join("a.txt/inside"), "").unwrap();
        replace(&root.path().join("a.txt"), "text").unwrap_err();
        assert_eq!(names(root.path()), ["a.txt"]);
    }

    /// Others who may read the user's files may read this one: git and other tools run as other users.
    #[cfg(unix)]
    #[test]
    fn a_file_has_the_permissions_of_a_new_file() {
        use std::os::unix::fs::PermissionsExt as _;

        let root = tempfile::tempdir().unwrap();
        let mode = |name: &str| fs::metadata(root.path().join(name)).unwrap().permissions().mode();
        fs::write(root.path().join("usual"), "").unwrap();
        replace(&root.path().join("ours"), "text").unwrap();
        assert_eq!(mode("ours"), mode("usual"));
    }

    #[test]
    fn each_way_to_lock_a_folder_keeps_others_out() {
        let ways: &[fn(&Path) -> io::Result<File>] = &[lock, lock_elsewhere];
        for way in ways {
            let root = tempfile::tempdir().unwrap();
            let held = way(root.path()).unwrap();
            let (sender, receiver) = mpsc::channel();
            thread::scope(|scope| {
                scope.spawn(|| {
                    let other = way(root.path()).unwrap();
                    sender.send(()).unwrap();
                    drop(other);
                });
                receiver.recv_timeout(Duration::from_millis(50)).unwrap_err();
                drop(held);
                receiver.recv().unwrap();
            });
            assert!(names(root.path()).is_empty());
        }
    }
}
