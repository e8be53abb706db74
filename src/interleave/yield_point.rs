use std::pin::{Pin, pin};
use std::task::{Context, Poll};

use super::runtime::witness;

/// A place where the schedule may go on with somebody else.
///
/// The interleaver sees every await that is pending, and with an await budget the ready awaits of tokio too. A fake
/// whose awaits are always ready and not tokio's (a `HashMap` behind an `async fn`) offers none; put this where the
/// real thing would wait.
///
/// The report names the place where a call was dropped, where it was given a name with `.named("before the read")`.
///
/// ```
/// # use std::{cell::RefCell, collections::BTreeMap};
/// use ssot_harness::interleave::yield_point;
///
/// struct FakeStore(RefCell<BTreeMap<String, String>>);
///
/// impl FakeStore {
///     async fn get(&self, key: &str) -> Option<String> {
///         yield_point().named("before the read").await;
///         self.0.borrow().get(key).cloned()
///     }
///
///     async fn set(&self, key: String, value: String) {
///         yield_point().await;
///         self.0.borrow_mut().insert(key, value);
///     }
/// }
/// ```
pub fn yield_point() -> YieldPoint {
    YieldPoint {
        name: None,
        state: State::New,
    }
}

/// The future of [`yield_point`]: pending once, then ready.
#[derive(Debug)]
#[must_use = "a yield point does nothing unless it is awaited"]
pub struct YieldPoint {
    name: Option<&'static str>,
    state: State,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    New,
    Pending,
    Over,
}

impl YieldPoint {
    /// The same with a name: the report of a failure says it where a call was dropped here, or where a poll that passed here last did not
    /// return.
    pub fn named(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }
}

impl Future for YieldPoint {
    type Output = ();

    fn poll(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<()> {
        if let Some(name) = self.name {
            witness::is_at(name);
        }
        if self.state != State::New {
            self.state = State::Over;
            return Poll::Ready(());
        }
        self.state = State::Pending;
        // Its first poll has tokio wake the task; there is nothing else in it.
        pin!(tokio::task::yield_now()).poll(cx)
    }
}

impl Drop for YieldPoint {
    fn drop(&mut self) {
        if let Some(name) = self.name
            && self.state == State::Pending
        {
            witness::drops_yield_point(name);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::task::{Context, Waker};

    use super::yield_point;
    use crate::interleave::runtime::witness::{Place, Witness, Witnessing};

    #[test]
    fn a_yield_point_that_was_passed_is_not_dropped() {
        let witness = Arc::new(Witness::default());
        let _witnessing = Witnessing::begin(&witness);
        let mut cx = Context::from_waker(Waker::noop());
        let mut polled = |times: usize| {
            let mut point = Box::pin(yield_point().named("card read"));
            let pending = (0..times).filter(|_| point.as_mut().poll(&mut cx).is_pending());
            let pending = pending.count();
            drop(point);
            (pending, witness.take().dropped_at)
        };
        assert_eq!(polled(0), (0, None));
        assert_eq!(polled(1), (1, Some("card read")));
        assert_eq!(polled(2), (1, None));
    }

    #[test]
    fn a_named_yield_point_is_passed_at_each_poll() {
        let witness = Arc::new(Witness::default());
        let _witnessing = Witnessing::begin(&witness);
        let mut cx = Context::from_waker(Waker::noop());
        let mut point = Box::pin(yield_point().named("card read"));
        let mut unnamed = Box::pin(yield_point());
        for is_pending in [true, false] {
            assert_eq!(unnamed.as_mut().poll(&mut cx).is_pending(), is_pending);
            assert_eq!(witness.take().last, None);
            assert_eq!(point.as_mut().poll(&mut cx).is_pending(), is_pending);
            assert_eq!(witness.take().last, Some(Place::YieldPoint("card read")));
        }
    }
}
