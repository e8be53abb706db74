//! Which thread a thread was started by, as far as the operating system tells.
//!
//! Linux gives a new thread the short name (`comm`, 15 bytes) of the one that started it, and `std` leaves it alone unless the
//! thread is given a name. A short name is not the name that `thread::current().name()` gives, which stays as it is.

#[cfg(target_os = "linux")]
mod comm {
    use std::ffi::CString;

    use rustix::thread;

    const PREFIX: &str = "ssot-test-";

    /// From now on, this thread and those that it starts without a name are of this line.
    pub(crate) fn found(line: u64) {
        let name = CString::new(format!("{PREFIX}{line:x}")).expect("digits hold no NUL");
        // Where a sandbox forbids it, nothing is inherited, and threads without a name are nobody's.
        thread::set_name(&name).unwrap_or(());
    }

    /// The line that this thread is of.
    pub(crate) fn line() -> Option<u64> {
        let name = thread::name().ok()?;
        u64::from_str_radix(name.to_str().ok()?.strip_prefix(PREFIX)?, 16).ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod comm {
    pub(crate) fn found(_: u64) {}

    pub(crate) fn line() -> Option<u64> {
        None
    }
}

pub(crate) use comm::{found, line};
