//! A subscriber that was there first goes on to hear what it heard.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::dispatcher::{Dispatch, with_default};
use tracing::level_filters::LevelFilter;
use tracing::{Level, Span};

use super::subscriber::{Capturing, Hears};
use super::{Capture, Logs};
use crate::current::{self, CurrentTest};

#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(text)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// What a subscriber that takes INFO and above prints with ours over it, and what is captured.
fn both(work: impl FnOnce()) -> (String, Logs) {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(LevelFilter::INFO)
        .without_time()
        .with_target(false)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    let ours = Dispatch::new(Capturing::over(Dispatch::new(subscriber), Hears::Everything));
    let test = CurrentTest::new(module_path!(), "over");
    let capture = Capture::begin(&test);
    let _test = current::enter(Some(test));
    with_default(&ours, work);
    let logs = capture.logs();
    let printed = String::from_utf8(lines.0.lock().unwrap().clone()).unwrap();
    (printed, logs)
}

#[test]
fn it_hears_what_it_has_enabled_in_the_spans_that_it_has() {
    let (printed, logs) = both(|| {
        let serve = tracing::info_span!("serve", user = tracing::field::Empty);
        serve.record("user", "ada");
        serve.in_scope(|| {
            tracing::debug_span!("detail").in_scope(|| {
                tracing::info!("one");
                tracing::debug!("two");
            });
        });
        tracing::warn!("three");
    });
    assert_eq!(printed, " INFO serve{user=\"ada\"}: one\n WARN three\n");
    assert_eq!(logs.len(), 3, "{logs:?}");
    assert_eq!(
        logs.in_span("detail").at(Level::DEBUG).containing("two").len(),
        1,
        "{logs:?}"
    );
}

/// A registry panics where it is given a parent that it does not know.
#[test]
fn a_span_within_one_that_it_does_not_have_is_within_the_next() {
    let (printed, logs) = both(|| {
        let hidden = {
            let serve = tracing::info_span!("serve");
            tracing::debug_span!(parent: &serve, "detail")
        };
        let part = tracing::info_span!(parent: &hidden, "part");
        part.in_scope(|| tracing::info!("one"));
        let alone = tracing::debug_span!(parent: None, "alone");
        tracing::info_span!(parent: &alone, "root").in_scope(|| tracing::info!("two"));
        part.follows_from(&hidden);
    });
    assert_eq!(printed, " INFO serve:part: one\n INFO root: two\n");
    assert_eq!(
        logs.in_span("serve").in_span("detail").in_span("part").len(),
        1,
        "{logs:?}"
    );
}

#[test]
fn the_current_span_is_the_innermost_even_where_it_does_not_have_it() {
    let (printed, logs) = both(|| {
        let current = tracing::debug_span!("detail").in_scope(Span::current);
        current.in_scope(|| tracing::info!("later"));
        tracing::info_span!("serve").in_scope(|| Span::current().in_scope(|| tracing::info!("again")));
    });
    assert_eq!(printed, " INFO later\n INFO serve: again\n");
    assert_eq!(logs.in_span("detail").len(), 1, "{logs:?}");
}

#[test]
fn its_spans_close_when_they_do() {
    #[derive(Default)]
    struct Closing(Arc<Mutex<Vec<&'static str>>>);
    impl<S> tracing_subscriber::Layer<S> for Closing
    where
        S: tracing::Subscriber + for<'a> tracing_subscriber::registry::LookupSpan<'a>,
    {
        fn on_close(&self, id: tracing::span::Id, context: tracing_subscriber::layer::Context<'_, S>) {
            let name = context.metadata(&id).map_or("unknown", tracing::Metadata::name);
            self.0.lock().unwrap().push(name);
        }
    }
    let closed = Arc::<Mutex<Vec<_>>>::default();
    let layer = Closing(Arc::clone(&closed));
    let inner = Dispatch::new(tracing_subscriber::Layer::with_subscriber(
        layer,
        tracing_subscriber::registry(),
    ));
    let ours = Dispatch::new(Capturing::over(inner, Hears::Everything));
    with_default(&ours, || {
        let serve = tracing::info_span!("serve");
        let other = serve.clone();
        drop(serve);
        assert!(closed.lock().unwrap().is_empty(), "a handle is left");
        drop(other);
        assert_eq!(*closed.lock().unwrap(), ["serve"]);
    });
}
