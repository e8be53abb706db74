//! Which thread a thread was started by, as far as the operating system tells.
//!
//! Linux gives a new thread the short name (`comm`, 15 bytes) of the one that started it, and `std` leaves it alone unless the
//! thread is given a name. A short name is not the name that `thread::current().name()` gives, which stays as it is.

#[cfg(target_os = "linux")]
mod comm {
    use std::fs;

    const COMM: &str = "/proc/thread-self/comm";
    const PREFIX: &str = "ssot-test-";

    /// From now on, this thread and those that it starts without a name are of this line.
    pub(crate) fn found(line: u64) {
        // Where there is no /proc, nothing is inherited, and threads without a name are nobody's.
        drop(fs::write(COMM, format!("{PREFIX}{line:x}")));
    }

    /// The line that this thread is of.
    pub(crate) fn id() -> Option<u64> {
        let name = fs::read_to_string(COMM).ok()?;
        u64::from_str_radix(name.trim_end().strip_prefix(PREFIX)?, 16).ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod comm {
    pub(crate) fn found(_: u64) {}

    pub(crate) fn id() -> Option<u64> {
        None
    }
}

pub(crate) use comm::{found, id};
