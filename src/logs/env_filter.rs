//! Whether tracing-test was built with its feature `no-env-filter`, which users turn on for tests under `tests/`.
//!
//! Only its attribute knows: it writes the filter into the tests that it is put on. So we put it on a function beside
//! which everything that the attribute's code names is a stand-in, and see what filter arrives.

use std::cell::RefCell;

/// Whether `#[traced_test]` filters nothing.
pub(super) fn is_off() -> bool {
    filter() == "trace"
}

fn filter() -> String {
    traced();
    FILTER.take()
}

thread_local! {
    static FILTER: RefCell<String> = const { RefCell::new(String::new()) };
}

#[::tracing_test::traced_test]
fn traced() {}

#[expect(
    dead_code,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    clippy::trivially_copy_pass_by_ref,
    reason = "the attribute's code names all of it, calls some, and has its own idea of the types"
)]
mod tracing_test {
    pub(super) mod internal {
        pub(in super::super) struct Always;

        impl Always {
            pub(in super::super) fn call_once(&self, initialise: impl FnOnce()) {
                initialise();
            }
        }

        pub(in super::super) static INITIALIZED: Always = Always;

        pub(in super::super) struct MockWriter;

        impl MockWriter {
            pub(in super::super) fn new((): &()) -> Self {
                Self
            }
        }

        pub(in super::super) fn global_buf() {}

        pub(in super::super) fn get_subscriber(_: MockWriter, env_filter: &str) -> String {
            env_filter.to_owned()
        }

        pub(in super::super) fn logs_with_scope_contain(_: &str, _: &str) -> bool {
            false
        }

        pub(in super::super) fn logs_assert<F>(_: &str, _: F) -> Result<(), String>
        where
            F: Fn(&[&str]) -> Result<(), String>,
        {
            Ok(())
        }
    }
}

#[expect(clippy::unnecessary_wraps, reason = "the attribute's code expects a result")]
mod tracing {
    pub(super) mod dispatcher {
        use std::convert::Infallible;

        pub(in super::super) fn set_global_default(filter: String) -> Result<(), Infallible> {
            super::super::FILTER.set(filter);
            Ok(())
        }
    }

    pub(super) use ::tracing::info_span;
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn the_filter_is_seen() {
        let filter = filter();
        assert!(
            ["ssot_harness=trace", "trace"].contains(&filter.as_str()),
            "{filter}"
        );
    }
}
