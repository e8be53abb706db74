use std::collections::VecDeque;
use std::fmt;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use hyper::body::{Body, Bytes, Frame as BodyFrame};
use tokio::task::yield_now;
use tokio::time::sleep;

use super::fault::{Fault, chosen};

type Waiting = Pin<Box<dyn Future<Output = Option<Fault>> + Send>>;

/// The body of a reply of the fake. Before each frame it yields, so that the schedule may let anybody else go first.
pub struct ModelBody {
    frames: VecDeque<Bytes>,
    /// After so many more frames, the connection is cut.
    cut_after: Option<usize>,
    delay: Duration,
    /// What can happen before a frame.
    faults: Vec<Fault>,
    waiting: Option<Waiting>,
}

impl ModelBody {
    pub(super) fn whole(body: impl Into<Bytes>) -> Self {
        Self::frames([body.into()], Duration::ZERO, None, Vec::new())
    }

    pub(super) fn frames(
        frames: impl IntoIterator<Item = Bytes>,
        delay: Duration,
        cut_after: Option<usize>,
        faults: Vec<Fault>,
    ) -> Self {
        Self {
            frames: frames.into_iter().collect(),
            cut_after,
            delay,
            faults,
            waiting: None,
        }
    }
}

/// Lets others go first, and asks the schedule for a fault.
pub(super) async fn wait(delay: Duration, faults: Vec<Fault>) -> Option<Fault> {
    yield_now().await;
    if !delay.is_zero() {
        sleep(delay).await;
    }
    let fault = chosen(&faults).await;
    if fault == Some(Fault::Pause) {
        sleep(Fault::PAUSE).await;
    }
    fault
}

fn cut() -> io::Error {
    io::Error::new(
        io::ErrorKind::ConnectionAborted,
        "the model's connection is cut, as was asked for",
    )
}

impl Body for ModelBody {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<BodyFrame<Bytes>, io::Error>>> {
        let this = &mut *self;
        if this.frames.is_empty() && this.cut_after.is_none() {
            return Poll::Ready(None);
        }
        let waiting = this
            .waiting
            .get_or_insert_with(|| Box::pin(wait(this.delay, this.faults.clone())));
        let fault = ready!(waiting.as_mut().poll(cx));
        this.waiting = None;
        if fault == Some(Fault::Cut) || this.cut_after == Some(0) {
            this.frames.clear();
            this.cut_after = None;
            return Poll::Ready(Some(Err(cut())));
        }
        // One pause is enough.
        if fault == Some(Fault::Pause) {
            this.faults.retain(|fault| *fault != Fault::Pause);
        }
        if let Some(left) = &mut this.cut_after {
            *left -= 1;
        }
        let frame = this.frames.pop_front().map(BodyFrame::data);
        if frame.is_none() {
            this.cut_after = None;
        }
        Poll::Ready(Some(frame.ok_or_else(cut)))
    }
}

impl fmt::Debug for ModelBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ModelBody")
            .field("frames", &self.frames.len())
            .finish_non_exhaustive()
    }
}
