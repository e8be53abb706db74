use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tracing::dispatcher::Dispatch;
use tracing::span::{Attributes, Id, Record};
use tracing::{Level, Metadata};

use super::LogSpan;
use super::fields::Fields;
use super::{inner_subscriber, served};
use crate::current;
use crate::interleave::witness;
use crate::trace::Observer;

/// A span that is open.
#[derive(Debug)]
pub(super) struct Span {
    pub(super) id: Id,
    pub(super) metadata: &'static Metadata<'static>,
    /// The test that its thread worked for when it was opened.
    pub(super) test: Option<u64>,
    /// The user whom its thread served then.
    pub(super) served: Option<Observer>,
    pub(super) inner: InnerSpan,
    parent: Option<Arc<Span>>,
    fields: Mutex<Fields>,
}

/// What the inner subscriber knows of a span.
#[derive(Debug)]
pub(super) enum InnerSpan {
    /// The span itself, under the same id.
    Known,
    /// The nearest span around it that is known there, held open: spans within this one are opened within that.
    Within(HeldSpan),
    Nothing,
}

/// A span of the inner subscriber, held open while this lives.
#[derive(Debug)]
pub(super) struct HeldSpan {
    dispatch: Dispatch,
    id: Id,
}

impl HeldSpan {
    pub(super) fn new(dispatch: &Dispatch, id: &Id) -> Self {
        Self {
            id: dispatch.clone_span(id),
            dispatch: dispatch.clone(),
        }
    }
}

impl Drop for HeldSpan {
    fn drop(&mut self) {
        inner_subscriber::call(|| self.dispatch.try_close(self.id.clone()));
    }
}

impl Span {
    pub(super) fn new(
        id: Id,
        attributes: &Attributes<'_>,
        parent: Option<Arc<Self>>,
        inner: InnerSpan,
    ) -> Self {
        let metadata = attributes.metadata();
        let mut fields = Fields::default();
        attributes.record(&mut fields);
        // Which spans of level TRACE there are depends on the tests beside, and what a user sees must not.
        let served = (*metadata.level() <= Level::DEBUG).then(served::now).flatten();
        Self {
            id,
            metadata,
            test: current::test().map(|test| test.id()),
            served,
            inner,
            parent,
            fields: Mutex::new(fields),
        }
    }

    pub(super) fn record(&self, values: &Record<'_>) {
        // A value's own `Debug` may log, also in this span: nothing is locked while it runs.
        let mut fields = self.fields().clone();
        values.record(&mut fields);
        *self.fields() = fields;
    }

    pub(super) fn is_known_to_inner(&self) -> bool {
        matches!(self.inner, InnerSpan::Known)
    }

    /// The id that stands for this span in the inner subscriber.
    pub(super) fn inner_id(&self) -> Option<&Id> {
        match &self.inner {
            InnerSpan::Known => Some(&self.id),
            InnerSpan::Within(held) => Some(&held.id),
            InnerSpan::Nothing => None,
        }
    }

    /// This span and those around it, innermost first.
    pub(super) fn and_around(self: &Arc<Self>) -> impl Iterator<Item = &Arc<Self>> {
        std::iter::successors(Some(self), |span| span.parent.as_ref())
    }

    /// What it looks like now.
    pub(super) fn snapshot(&self) -> LogSpan {
        LogSpan::new(self.metadata, self.fields().clone())
    }

    fn fields(&self) -> MutexGuard<'_, Fields> {
        self.fields.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The open spans of a subscriber, by id.
#[derive(Debug, Default)]
pub(super) struct Spans(Mutex<HashMap<Id, Open>>);

#[derive(Debug)]
struct Open {
    span: Arc<Span>,
    handles: usize,
}

impl Spans {
    pub(super) fn open(&self, id: Id, span: Arc<Span>) {
        self.lock().insert(id, Open { span, handles: 1 });
    }

    pub(super) fn get(&self, id: &Id) -> Option<Arc<Span>> {
        self.lock().get(id).map(|open| Arc::clone(&open.span))
    }

    /// Counts one more handle of a span, under the id that this handle has.
    pub(super) fn share(&self, id: &Id, span: Arc<Span>) {
        let mut spans = self.lock();
        spans
            .entry(id.clone())
            .or_insert(Open { span, handles: 0 })
            .handles += 1;
    }

    /// Counts one handle less. The span, and whether it was the last.
    pub(super) fn release(&self, id: &Id) -> Option<(Arc<Span>, bool)> {
        let mut spans = self.lock();
        let open = spans.get_mut(id)?;
        open.handles -= 1;
        if open.handles > 0 {
            return Some((Arc::clone(&open.span), false));
        }
        spans.remove(id).map(|open| (open.span, true))
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Open>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

thread_local! {
    static ENTERED: RefCell<Vec<Arc<Span>>> = const { RefCell::new(Vec::new()) };
}

/// The innermost span that this thread is in.
pub(super) fn current() -> Option<Arc<Span>> {
    // A thread whose thread-locals are torn down is in no span any more; so below.
    ENTERED
        .try_with(|entered| entered.borrow().last().cloned())
        .ok()
        .flatten()
}

/// The test for which the innermost span of this thread was opened that was opened for one.
pub(crate) fn test_of_span() -> Option<u64> {
    current()?.and_around().find_map(|span| span.test)
}

pub(super) fn enter(span: Arc<Span>) {
    witness::enters(span.id.into_u64(), span.metadata.name(), place(span.metadata));
    // See `current`.
    let _: Result<(), _> = ENTERED.try_with(|entered| entered.borrow_mut().push(span));
}

/// The file and the line of a span or an event, where they are known.
pub(super) fn place(of: &'static Metadata<'static>) -> Option<(&'static str, u32)> {
    of.file().zip(of.line())
}

pub(super) fn exit(span: &Arc<Span>) {
    witness::leaves();
    // See `current`. A span may be left before one that was entered after it.
    let left = ENTERED.try_with(|entered| {
        let mut entered = entered.borrow_mut();
        let place = entered.iter().rposition(|entered| Arc::ptr_eq(entered, span))?;
        Some(entered.remove(place))
    });
    // Dropped outside of the borrow: the last handle of a span may close one of the inner subscriber.
    drop(left);
}
