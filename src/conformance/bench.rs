//! What a check runs: a subject, and what its scripts know of each other.

use std::cell::{Cell, RefCell};
use std::sync::{Arc, OnceLock};

use super::{Client, Subject};
use crate::trace::User;

/// A method of [`Subject`] that a promise needs and that returned `None`, for the check to say so.
#[derive(Clone, Default)]
pub(super) struct Needed(Arc<OnceLock<&'static str>>);

impl Needed {
    /// Passes an answer on; that there is none is remembered under the name of the method.
    pub(super) fn or_note<T>(&self, method: &'static str, answer: Option<T>) -> Option<T> {
        if answer.is_none() {
            self.0.get_or_init(|| method);
        }
        answer
    }

    pub(super) fn method(&self) -> Option<&'static str> {
        self.0.get().copied()
    }
}

/// A fresh subject for one execution.
pub(super) struct Bench<S> {
    pub(super) subject: S,
    /// The engines that exist, by address.
    engines: RefCell<Vec<usize>>,
    /// How many scripts have come to their end.
    done: Cell<usize>,
    pub(super) facts: RefCell<Facts>,
}

/// What the scripts know to be true.
#[derive(Default)]
pub(super) struct Facts {
    pub(super) answered: u64,
    pub(super) failed: u64,
    pub(super) clients: Vec<Client>,
    pub(super) closes_failed: u64,
}

impl<S: Subject> Bench<S> {
    pub(super) fn new(subject: S) -> Self {
        Self {
            subject,
            engines: RefCell::default(),
            done: Cell::new(0),
            facts: RefCell::default(),
        }
    }

    /// A client of this user, of which the facts know.
    pub(super) fn client(&self, user: &User) -> Client {
        let client = Client::new(user.observer());
        self.facts.borrow_mut().clients.push(client.clone());
        client
    }

    /// Registers the address of an engine until the guard is dropped. `Err` if another engine has it.
    pub(super) fn register(&self, address: usize) -> Result<Registered<'_>, ()> {
        let mut engines = self.engines.borrow_mut();
        if engines.contains(&address) {
            return Err(());
        }
        engines.push(address);
        Ok(Registered {
            engines: &self.engines,
            address,
        })
    }

    /// Says that a script has come to its end. True for the last of `users`.
    pub(super) fn is_last(&self, users: usize) -> bool {
        self.done.set(self.done.get() + 1);
        self.done.get() == users
    }
}

pub(super) struct Registered<'a> {
    engines: &'a RefCell<Vec<usize>>,
    address: usize,
}

impl Drop for Registered<'_> {
    fn drop(&mut self) {
        self.engines
            .borrow_mut()
            .retain(|address| *address != self.address);
    }
}
