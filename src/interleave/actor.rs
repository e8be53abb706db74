use std::fmt;
use std::pin::Pin;
use std::task::{Context, Poll};

/// One of the futures that a schedule interleaves.
pub trait Actor {
    /// Polls once. After `Ready` it is not polled again.
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()>;

    /// Drops the call in flight, as a client that goes away does. True where nothing is left to run; otherwise the
    /// actor goes on with what comes after the call and must be polled again.
    fn drop_call(&mut self) -> bool;
}

/// An actor that is one future; dropping its call drops the whole of it.
///
/// The future is dropped as soon as it is ready, as a spawned task's is.
pub struct FutureActor<F: ?Sized>(Option<Pin<Box<F>>>);

impl<F: Future<Output = ()>> FutureActor<F> {
    /// Takes the future; nothing of it runs yet.
    pub fn new(future: F) -> Self {
        Self(Some(Box::pin(future)))
    }
}

impl<'a> FutureActor<dyn Future<Output = ()> + 'a> {
    /// Takes a future whose type is erased, for actors of several types side by side.
    #[must_use]
    pub fn boxed(future: Pin<Box<dyn Future<Output = ()> + 'a>>) -> Self {
        Self(Some(future))
    }
}

impl<F: Future<Output = ()> + ?Sized> Actor for FutureActor<F> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let Some(future) = &mut self.0 else {
            return Poll::Ready(());
        };
        let poll = future.as_mut().poll(cx);
        if poll.is_ready() {
            self.0 = None;
        }
        poll
    }

    fn drop_call(&mut self) -> bool {
        self.0 = None;
        true
    }
}

impl Actor for Box<dyn Actor + '_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        (**self).poll(cx)
    }

    fn drop_call(&mut self) -> bool {
        (**self).drop_call()
    }
}

impl<F: ?Sized> fmt::Debug for FutureActor<F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.0.is_some() {
            "FutureActor(running)"
        } else {
            "FutureActor(finished)"
        })
    }
}
