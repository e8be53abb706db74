//! How tracing-test's `#[traced_test]` and our captures share a process.
//!
//! The first test with the attribute installs a global subscriber, and the attribute's code panics where another one is there.
//! So the attribute is on a function of ours, too, which runs before the first capture. Beside that function there are
//! stand-ins for what the attribute's code names: `set_global_default`, which lays our subscriber over the very one that the
//! attribute installs, and `module_path!`, which says the crate of the tests instead of this one.
//!
//! The attribute is all that is named here of tracing-test, so that later versions compile. Where the code of one does not name
//! the stand-ins, its subscriber is installed as it is, and we listen as beside any other.

use std::cell::{Cell, RefCell};
use std::panic::{self, AssertUnwindSafe};
use std::sync::OnceLock;
use std::{env, thread};

use ::tracing::subscriber::NoSubscriber;
use ::tracing::{Dispatch, Level, Metadata, dispatcher};

/// Lays our subscriber over the attribute's.
type LayOver = fn(Dispatch) -> Dispatch;

/// Which subscriber the process has.
#[derive(Clone, Debug)]
pub(super) enum Installed {
    /// Ours.
    Ours,
    /// Another one, which was there before.
    Another(Dispatch),
    /// The attribute's, which could not be laid under ours.
    Theirs(Dispatch),
}

/// Has the attribute install its subscriber, for tests of this crate, and lays ours over it.
pub(super) fn install(krate: Option<&str>, over: LayOver) -> Installed {
    // Where one is there, the attribute fails as it does without us.
    if let Some(global) = global() {
        return Installed::Another(global);
    }
    let program = || krate_of_program().unwrap_or_else(|| "off".to_owned());
    KRATE.get_or_init(|| krate.map_or_else(program, str::to_owned));
    OVER.set(Some(over));
    // A panic has been printed by the hook; what is there after it is seen below.
    drop(panic::catch_unwind(AssertUnwindSafe(begin)));
    OVER.set(None);
    if IS_OURS.get() {
        return Installed::Ours;
    }
    if let Some(global) = global() {
        return Installed::Theirs(global);
    }
    // The attribute installs none for the process.
    match dispatcher::set_global_default(over(Dispatch::none())) {
        Ok(()) => Installed::Ours,
        Err(_taken) => Installed::Another(global().unwrap_or_else(Dispatch::none)),
    }
}

/// Whether the attribute may have opened this span around a test: one of level INFO without fields. What is logged in
/// no such span is nothing that `logs_contain` could find, and is kept from its buffer, which grows for ever.
pub(super) fn may_have_opened(span: &Metadata<'_>) -> bool {
    *span.level() == Level::INFO && span.fields().is_empty()
}

thread_local! {
    static OVER: RefCell<Option<LayOver>> = const { RefCell::new(None) };
    static IS_OURS: Cell<bool> = const { Cell::new(false) };
}

/// The crate whose events `logs_contain` looks for.
static KRATE: OnceLock<String> = OnceLock::new();

/// Sets the subscriber that the attribute's code would set, under ours.
fn set_over(theirs: Dispatch) -> Result<(), dispatcher::SetGlobalDefaultError> {
    let Some(over) = OVER.take() else {
        return dispatcher::set_global_default(theirs);
    };
    let installed = dispatcher::set_global_default(over(theirs));
    IS_OURS.set(installed.is_ok());
    installed
}

/// The subscriber of the process, whatever this thread has for itself.
fn global() -> Option<Dispatch> {
    let global = thread::spawn(|| dispatcher::get_default(Clone::clone))
        .join()
        .expect("to clone a handle does not panic");
    (!global.is::<NoSubscriber>()).then_some(global)
}

/// Cargo names a test program after its crate, with a hash behind.
fn krate_of_program() -> Option<String> {
    let program = env::current_exe().ok()?;
    let (krate, _hash) = program.file_stem()?.to_str()?.rsplit_once('-')?;
    Some(krate.to_owned())
}

/// Stands in for the one of the standard library in the attribute's code.
macro_rules! module_path {
    () => {
        $crate::logs::traced_test::KRATE
            .get()
            .map_or("off", String::as_str)
    };
}

#[::tracing_test::traced_test]
fn begin() {}

/// Stands in for the crate in the attribute's code.
mod tracing {
    pub(super) mod dispatcher {
        use ::tracing::Dispatch;
        use ::tracing::dispatcher::SetGlobalDefaultError;

        pub(in super::super) fn set_global_default(theirs: Dispatch) -> Result<(), SetGlobalDefaultError> {
            super::super::set_over(theirs)
        }

        #[expect(
            unused_imports,
            reason = "later versions of the attribute may name more of it"
        )]
        pub(in super::super) use ::tracing::dispatcher::*;
    }

    /// Opens none: there is no test in it, and what opens one puts `module_path!` into a constant.
    macro_rules! no_span {
        ($($any:tt)*) => {
            ::tracing::Span::none()
        };
    }

    #[expect(
        unused_imports,
        reason = "later versions of the attribute may open another span"
    )]
    pub(super) use {
        no_span as debug_span, no_span as error_span, no_span as info_span, no_span as span,
        no_span as trace_span, no_span as warn_span,
    };

    #[expect(
        unused_imports,
        reason = "later versions of the attribute may name more of it"
    )]
    pub(super) use ::tracing::*;
}
