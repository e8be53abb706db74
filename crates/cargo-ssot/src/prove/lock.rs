use std::fs::{self, File, TryLockError};
use std::path::Path;
use std::time::Duration;
use std::{io, thread};

use crate::error::Error;
use crate::interrupt;
use crate::progress::Progress;

/// How often somebody who waits looks again.
const PAUSE: Duration = Duration::from_millis(100);

/// A folder that nobody else builds in until this is dropped.
///
/// Two proofs at once would run each other's programs: cargo goes by the times of files, and would take them for up to date.
#[derive(Debug)]
pub(crate) struct Locked {
    /// The system unlocks it when it is closed, and when the process is killed.
    _file: File,
}

impl Locked {
    /// Waits until nobody else has it.
    ///
    /// # Errors
    ///
    /// Where it cannot be locked, or a signal comes.
    pub(crate) fn folder(folder: &Path, progress: &Progress) -> Result<Self, Error> {
        let path = folder.join("lock");
        let unwritable = |error: io::Error| Error::unwritable(&path, error);
        fs::create_dir_all(folder).map_err(unwritable)?;
        let file = File::create(&path).map_err(unwritable)?;
        let mut waiting = None;
        loop {
            match file.try_lock() {
                Ok(()) => return Ok(Self { _file: file }),
                Err(TryLockError::Error(error)) => return Err(unwritable(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            waiting.get_or_insert_with(|| progress.phase("waiting for another proof"));
            interrupt::check()?;
            thread::sleep(PAUSE);
        }
    }
}
