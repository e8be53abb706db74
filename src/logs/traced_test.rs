//! How tracing-test's `#[traced_test]` and our captures share a process.
//!
//! The attribute installs a global subscriber inside a `Once` and panics where there is one. We run that `Once`
//! ourselves, with a subscriber that lies over the very one that the attribute would have installed.

use std::env;
use std::panic::{self, AssertUnwindSafe};

use tracing::{Dispatch, Level, Metadata};
use tracing_test::internal::{INITIALIZED, MockWriter, get_subscriber, global_buf};

use super::env_filter;

/// Runs `install` in the place of the attribute's own installation. Whether it has installed.
///
/// Where it has not, because the program has set a global subscriber, the attribute fails as it does without us.
pub(super) fn instead(install: impl FnOnce() -> bool) -> bool {
    struct NotInstalled;
    let mut installed = false;
    let ran = panic::catch_unwind(AssertUnwindSafe(|| {
        INITIALIZED.call_once_force(|_| {
            installed = install();
            if !installed {
                // Leaves the `Once` poisoned, without a word from the panic hook.
                panic::resume_unwind(Box::new(NotInstalled));
            }
        });
    }));
    match ran {
        Err(payload) if !payload.is::<NotInstalled>() => panic::resume_unwind(payload),
        _ => installed,
    }
}

/// The subscriber that the attribute installs, for tests of this crate.
pub(super) fn subscriber(krate: Option<&str>) -> Dispatch {
    let krate = krate.map(str::to_owned).or_else(krate_of_program);
    let filter = match krate {
        _ if env_filter::is_off() => "trace".to_owned(),
        Some(krate) => format!("{krate}=trace"),
        None => "off".to_owned(),
    };
    get_subscriber(MockWriter::new(global_buf()), &filter)
}

/// Cargo names a test program after its crate, with a hash behind.
fn krate_of_program() -> Option<String> {
    let program = env::current_exe().ok()?;
    let (krate, _hash) = program.file_stem()?.to_str()?.rsplit_once('-')?;
    Some(krate.to_owned())
}

/// Whether the attribute may have opened this span around a test: one of level INFO without fields. What is logged in
/// no such span is nothing that `logs_contain` could find, and is kept from its buffer, which grows for ever.
pub(super) fn may_have_opened(span: &Metadata<'_>) -> bool {
    *span.level() == Level::INFO && span.fields().is_empty()
}
