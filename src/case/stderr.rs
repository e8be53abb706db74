use std::io::{self, Write as _};

/// Writes to standard error directly: what the test harness captures is lost when the process ends by a signal.
pub(in crate::case) fn print(text: &str) {
    // Where standard error is closed, there is no other place to write to.
    drop(io::stderr().lock().write_all(text.as_bytes()));
}
