use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use tracing::dispatcher::Dispatch;
use tracing::level_filters::LevelFilter;
use tracing::span::{Attributes, Id, Record};
use tracing::subscriber::Interest;
use tracing::{Event, Level, Metadata, Subscriber};
use tracing_core::span::Current;

use super::event::Emitted;
use super::keepers::Keepers;
use super::span::{self, HeldSpan, InnerSpan, Span, Spans};
use super::{inner_subscriber, named, served, traced_test, verbosity};
use crate::current;
use crate::interleave::witness;
use crate::trace::Surface;

/// Captures events for the tests that they belong to and the users who see them, and passes everything on to an
/// inner subscriber.
///
/// A span that the inner subscriber has enabled has the id that it gave: handles, events and spans mean the same to both,
/// and are passed on unchanged.
#[derive(Debug)]
pub(super) struct Capturing {
    inner: Dispatch,
    hears: Hears,
    spans: Spans,
}

/// Which events are passed on to the inner subscriber.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hears {
    /// All that it has enabled.
    Everything,
    /// Those of them that `logs_contain` may look for.
    TracedTests,
}

impl Capturing {
    pub(super) fn over(inner: Dispatch, hears: Hears) -> Self {
        Self {
            inner,
            hears,
            spans: Spans::default(),
        }
    }

    fn call<R>(&self, call: impl FnOnce(&Dispatch) -> R) -> R {
        inner_subscriber::call(|| call(&self.inner))
    }

    /// The span around a span or an event.
    fn around(&self, is_root: bool, parent: Option<&Id>) -> Option<Arc<Span>> {
        match parent {
            _ if is_root => None,
            Some(parent) => self.spans.get(parent),
            None => span::current(),
        }
    }

    /// Opens a span in the inner subscriber, within what is known there of the span around it.
    fn open_in_inner(&self, attributes: &Attributes<'_>) -> Id {
        let Some(parent) = attributes.parent() else {
            return self.call(|inner| inner.new_span(attributes));
        };
        let around = self.spans.get(parent);
        let (metadata, values) = (attributes.metadata(), attributes.values());
        match around.as_ref().map(|span| span.inner_id()) {
            // A span of another subscriber is its own affair.
            None => self.call(|inner| inner.new_span(attributes)),
            Some(Some(id)) => {
                let within = Attributes::child_of(id.clone(), metadata, values);
                self.call(|inner| inner.new_span(&within))
            }
            Some(None) => self.call(|inner| inner.new_span(&Attributes::new_root(metadata, values))),
        }
    }

    fn is_heard_by_inner(&self, metadata: &Metadata<'_>, around: Option<&Arc<Span>>) -> bool {
        let of_traced_test = || {
            around.is_some_and(|span| {
                span.and_around()
                    .any(|span| traced_test::may_have_opened(span.metadata))
            })
        };
        (self.hears == Hears::Everything || of_traced_test()) && self.inner.enabled(metadata)
    }

    fn capture(event: &Event<'_>, around: Option<&Arc<Span>>) {
        let scope = || around.into_iter().flat_map(Span::and_around);
        let test = scope()
            .find_map(|span| span.test)
            .or_else(|| current::test().map(|test| test.id()));
        let keepers = Keepers::of(test);
        let is_seen = *event.metadata().level() <= Level::DEBUG;
        let seen_by = is_seen
            .then(|| scope().find_map(|span| span.served.clone()).or_else(served::now))
            .flatten();
        let may_name = is_seen && seen_by.is_none() && named::is_anybody();
        if keepers.is_nobody() && seen_by.is_none() && !may_name {
            return;
        }
        let mut spans: Vec<_> = scope().map(|span| span.snapshot()).collect();
        spans.reverse();
        let emitted = Arc::new(Emitted::new(event, spans));
        keepers.keep(&emitted);
        let named = if may_name { named::by(&emitted) } else { Vec::new() };
        for observer in seen_by.into_iter().chain(named) {
            observer.saw(Surface::Log, &emitted.seen());
        }
    }
}

impl Subscriber for Capturing {
    fn register_callsite(&self, metadata: &'static Metadata<'static>) -> Interest {
        let inner = self.inner.register_callsite(metadata);
        if verbosity::is_captured(metadata) {
            Interest::always()
        } else {
            inner
        }
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        verbosity::is_captured(metadata) || self.inner.enabled(metadata)
    }

    fn max_level_hint(&self) -> Option<LevelFilter> {
        Some(LevelFilter::TRACE)
    }

    fn new_span(&self, attributes: &Attributes<'_>) -> Id {
        let parent = self.around(attributes.is_root(), attributes.parent());
        let (id, inner) = if self.inner.enabled(attributes.metadata()) {
            (self.open_in_inner(attributes), InnerSpan::Known)
        } else {
            let around = parent.as_ref().and_then(|parent| parent.inner_id());
            let inner = around.map_or(InnerSpan::Nothing, |id| {
                InnerSpan::Within(HeldSpan::new(&self.inner, id))
            });
            (own_id(), inner)
        };
        let span = Span::new(id.clone(), attributes, parent, inner);
        self.spans.open(id.clone(), Arc::new(span));
        id
    }

    fn record(&self, id: &Id, values: &Record<'_>) {
        let Some(span) = self.spans.get(id) else { return };
        span.record(values);
        if span.is_known_to_inner() {
            self.call(|inner| inner.record(id, values));
        }
    }

    fn record_follows_from(&self, id: &Id, follows: &Id) {
        let known = |id| self.spans.get(id).is_some_and(|span| span.is_known_to_inner());
        if known(id) && known(follows) {
            self.call(|inner| inner.record_follows_from(id, follows));
        }
    }

    fn event(&self, event: &Event<'_>) {
        let metadata = event.metadata();
        let around = self.around(event.is_root(), event.parent());
        if verbosity::is_captured(metadata) {
            witness::logs(span::place(metadata));
            Self::capture(event, around.as_ref());
        }
        if self.is_heard_by_inner(metadata, around.as_ref()) {
            self.call(|inner| inner.event(event));
        }
    }

    fn enter(&self, id: &Id) {
        let Some(span) = self.spans.get(id) else { return };
        if span.is_known_to_inner() {
            self.call(|inner| inner.enter(id));
        }
        span::enter(span);
    }

    fn exit(&self, id: &Id) {
        let Some(span) = self.spans.get(id) else { return };
        span::exit(&span);
        if span.is_known_to_inner() {
            self.call(|inner| inner.exit(id));
        }
    }

    fn clone_span(&self, id: &Id) -> Id {
        let Some(span) = self.spans.get(id) else {
            return id.clone();
        };
        let shared = if span.is_known_to_inner() {
            self.call(|inner| inner.clone_span(id))
        } else {
            id.clone()
        };
        self.spans.share(&shared, span);
        shared
    }

    fn try_close(&self, id: Id) -> bool {
        if inner_subscriber::is_calling() {
            return self.inner.try_close(id);
        }
        let Some((span, was_last)) = self.spans.release(&id) else {
            return false;
        };
        if span.is_known_to_inner() {
            self.call(|inner| inner.try_close(id));
        }
        was_last
    }

    fn current_span(&self) -> Current {
        match span::current() {
            Some(span) => Current::new(span.id.clone(), span.metadata),
            None => Current::none(),
        }
    }
}

/// An id for a span that the inner subscriber does not know: from the far end of those that subscribers give, which
/// count slots from the near one.
fn own_id() -> Id {
    static TAKEN: AtomicU64 = AtomicU64::new(0);
    Id::from_u64(u64::MAX - TAKEN.fetch_add(1, Ordering::Relaxed))
}
