use std::task::{Context, Poll};

use crate::interleave::Actor;
use crate::logs::serve;
use crate::trace::{Observer, User};

/// An actor whose user sees what is logged while it is polled, and while its call is dropped.
pub(crate) struct Served<'a> {
    actor: Box<dyn Actor + 'a>,
    observer: Observer,
}

impl<'a> Served<'a> {
    pub(crate) fn new(actor: Box<dyn Actor + 'a>, user: &User) -> Self {
        let observer = user.observer();
        Self { actor, observer }
    }
}

impl Actor for Served<'_> {
    fn poll(&mut self, cx: &mut Context<'_>) -> Poll<()> {
        let _logs = serve(&self.observer);
        self.actor.poll(cx)
    }

    fn drop_call(&mut self) -> bool {
        let _logs = serve(&self.observer);
        self.actor.drop_call()
    }
}
