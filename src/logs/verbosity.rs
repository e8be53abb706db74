use std::env;
use std::sync::{Once, PoisonError, RwLock, RwLockReadGuard};

use tracing::{Level, Metadata};
use tracing_core::callsite;

/// The crates whose every detail is captured.
static OWN: RwLock<Vec<String>> = RwLock::new(Vec::new());

/// Whether what is logged there is captured at all: DEBUG and above, or from the package of a test.
pub(super) fn is_captured(metadata: &Metadata<'_>) -> bool {
    *metadata.level() <= Level::DEBUG || is_own(metadata)
}

/// Has every detail of a test's crate captured, and of the library of its package, which for a test under `tests/` is
/// another crate.
pub(super) fn capture_all_of(krate: &str) {
    static PACKAGE: Once = Once::new();
    PACKAGE.call_once(|| {
        // Told by cargo and nextest; a test program that is started by hand does without.
        if let Ok(package) = env::var("CARGO_PKG_NAME") {
            add(package.replace('-', "_"));
        }
    });
    if !read().iter().any(|own| own == krate) {
        add(krate.to_owned());
    }
}

fn add(krate: String) {
    OWN.write().unwrap_or_else(PoisonError::into_inner).push(krate);
    // Which callsites are enabled is remembered at each of them.
    callsite::rebuild_interest_cache();
}

fn is_own(metadata: &Metadata<'_>) -> bool {
    let module = metadata.module_path().unwrap_or(metadata.target());
    let krate = module.split("::").next().unwrap_or(module);
    read().iter().any(|own| own == krate)
}

fn read() -> RwLockReadGuard<'static, Vec<String>> {
    OWN.read().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::OnceLock;
    use std::sync::atomic::{AtomicBool, Ordering};

    use tracing::subscriber::Interest;
    use tracing::{Level, Metadata};
    use tracing_core::callsite::{self, Callsite, Identifier};
    use tracing_core::field::FieldSet;
    use tracing_core::metadata::Kind;

    use super::{capture_all_of, is_captured};
    use crate::logs::install::install;

    struct Nowhere;

    impl Callsite for Nowhere {
        fn set_interest(&self, _: Interest) {}

        fn metadata(&self) -> &Metadata<'_> {
            unreachable!("nobody registers it")
        }
    }

    fn metadata(level: Level, module: &'static str) -> Metadata<'static> {
        let fields = FieldSet::new(&[], Identifier(&Nowhere));
        Metadata::new(
            "event",
            "desk",
            level,
            None,
            None,
            Some(module),
            fields,
            Kind::EVENT,
        )
    }

    /// A place in a crate that logged before it was known for a test's.
    #[test]
    fn what_is_enabled_is_asked_again_for_a_new_crate() {
        struct Early;
        static METADATA: OnceLock<Metadata<'static>> = OnceLock::new();
        static IS_ENABLED: AtomicBool = AtomicBool::new(true);
        impl Callsite for Early {
            fn set_interest(&self, interest: Interest) {
                IS_ENABLED.store(!interest.is_never(), Ordering::Relaxed);
            }

            fn metadata(&self) -> &Metadata<'_> {
                METADATA.get_or_init(|| metadata(Level::TRACE, "chat_that_is_early"))
            }
        }
        install(None);
        callsite::register(&Early);
        assert!(!IS_ENABLED.load(Ordering::Relaxed));
        capture_all_of("chat_that_is_early");
        assert!(IS_ENABLED.load(Ordering::Relaxed));
    }

    #[test]
    fn details_of_other_crates_are_left_out() {
        assert!(is_captured(&metadata(Level::DEBUG, "chat_store::disk")));
        assert!(!is_captured(&metadata(Level::TRACE, "chat_of_this_test")));
        capture_all_of("chat_of_this_test");
        for module in ["chat_of_this_test", "chat_of_this_test::engine"] {
            assert!(is_captured(&metadata(Level::TRACE, module)), "{module}");
        }
        assert!(!is_captured(&metadata(Level::TRACE, "chat_of_this_test_too")));
    }
}
