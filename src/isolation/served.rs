use std::task::{Context, Poll};

use crate::interleave::Actor;
use crate::logs::serve;
use crate::trace::{Observer, User};

/// An actor whose user sees what is logged while it is polled, while its call is dropped, and while it is.
pub(crate) struct Served<'a> {
    actor: Option<Box<dyn Actor + 'a>>,
    observer: Observer,
}

impl<'a> Served<'a> {
    pub(crate) fn new(actor: Box<dyn Actor + 'a>, user: &User) -> Self {
        Self {
            actor: Some(actor),
            observer: user.observer(),
        }
    }
}

impl Actor for Served<'_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _logs = serve(&self.observer);
        match &mut self.actor {
            Some(actor) => actor.poll(cx),
            None => Poll::Ready(()),
        }
    }

    fn drop_call(&mut self) -> bool {
        let _logs = serve(&self.observer);
        self.actor.as_mut().is_none_or(Actor::drop_call)
    }
}

impl Drop for Served<'_> {
    fn drop(&mut self) {
        let _logs = serve(&self.observer);
        self.actor = None;
    }
}
