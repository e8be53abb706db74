//! The one place where the process environment is changed.

#![expect(
    unsafe_code,
    reason = "changing the environment of a process is unsafe since Rust 2024"
)]

use std::env;
use std::ffi::OsStr;

use super::env_lock::ExclusiveEnv;

/// Sets a variable of the process, or removes it.
///
/// The token shows that no other test of the harness is running.
pub(super) fn change(_: &ExclusiveEnv, name: &OsStr, value: Option<&OsStr>) {
    // SAFETY: `set_var` and `remove_var` ask that no other thread reads or writes the environment by other means than
    // `std::env` at the same time; `std` serialises its own. Threads of this process that may do so are (1) other tests
    // of the harness: none runs, for `ExclusiveEnv` is held; (2) this test's own threads and those of plain `#[test]`
    // functions, which read it through `std::env` where they are Rust; (3) C code called from those that reads `environ`
    // behind Rust's back (`getaddrinfo`, `localtime`, `setlocale`). The third kind cannot be ruled out from here: the
    // documentation of `Env` asks the test to change the environment before it starts such work, and nextest, with a process
    // a test, leaves no other test to race with.
    match value {
        Some(value) => unsafe { env::set_var(name, value) },
        None => unsafe { env::remove_var(name) },
    }
}
