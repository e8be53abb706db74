//! Inheritance of the test from a thread to those that it starts, as far as the operating system supports it.
//!
//! Linux gives a new thread the short name (`comm`, 15 bytes) of the one that started it, and `std` leaves it alone unless the
//! thread is given a name. A short name is not the name that `thread::current().name()` gives, which stays as it is.

#[cfg(target_os = "linux")]
mod comm {
    use std::ffi::CString;

    use rustix::thread;

    const PREFIX: &str = "ssot-test-";

    /// From now on, this thread and those that it starts without a name inherit this test's id.
    pub(crate) fn set_test(id: u64) {
        let name = CString::new(format!("{PREFIX}{id:x}")).expect("digits hold no NUL");
        // Where a sandbox forbids it, nothing is inherited, and threads without a name belong to no test.
        thread::set_name(&name).unwrap_or(());
    }

    /// The id of the test that this thread has inherited.
    pub(crate) fn test() -> Option<u64> {
        let name = thread::name().ok()?;
        u64::from_str_radix(name.to_str().ok()?.strip_prefix(PREFIX)?, 16).ok()
    }
}

#[cfg(not(target_os = "linux"))]
mod comm {
    pub(crate) fn set_test(_: u64) {}

    pub(crate) fn test() -> Option<u64> {
        None
    }
}

pub(crate) use comm::{set_test, test};
