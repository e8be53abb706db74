use std::io;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use tempfile::TempDir;

/// A test's own folder, made when it is first asked for.
#[derive(Debug, Default)]
pub(in crate::case) struct TempFolder(Mutex<Option<TempDir>>);

impl TempFolder {
    pub(in crate::case) fn path(&self, name: &str) -> io::Result<PathBuf> {
        let mut folder = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let made = match folder.take() {
            Some(made) => made,
            None => tempfile::Builder::new().prefix(&format!("{name}-")).tempdir()?,
        };
        Ok(folder.insert(made).path().to_owned())
    }

    /// Removes it with all that is in it.
    pub(in crate::case) fn remove(&self) -> io::Result<()> {
        let folder = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        folder.map_or(Ok(()), TempDir::close)
    }
}
