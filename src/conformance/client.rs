use std::fmt;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use thiserror::Error;

use super::event_order::CallFact;
use crate::trace::{Observer, Surface};

/// The client of one user: what a subject sends the user's events to.
///
/// Every event that it accepts is an observation of the user. A check can make it refuse an event, or lose an acknowledgement.
#[derive(Clone)]
pub struct Client {
    observer: Observer,
    shared: Arc<Shared>,
}

#[derive(Default)]
struct Shared {
    attempts: AtomicU64,
    delivered: AtomicU64,
    refused: AtomicU64,
    closes_refused: AtomicU64,
    is_cut: AtomicBool,
    /// The attempt to refuse, and the one to accept without saying so; 0 for none.
    refuse: AtomicU64,
    unacknowledged: AtomicU64,
    refuse_close: AtomicBool,
    numbers: Mutex<Vec<u64>>,
    /// The events that were refused and have not come again, as JSON.
    lost: Mutex<Vec<String>>,
}

/// A client did not accept an event, or its connection is lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error("the client is not connected any more")]
pub struct ClientClosed;

/// Why a delivery failed, which the subject cannot know.
enum Undelivered {
    Refused,
    Unacknowledged,
}

impl From<Undelivered> for ClientClosed {
    fn from(_: Undelivered) -> Self {
        Self
    }
}

impl Client {
    pub(super) fn new(observer: Observer) -> Self {
        Self {
            observer,
            shared: Arc::default(),
        }
    }

    /// Takes an event, as a socket takes a message: it yields first, so that anything may happen before the event arrives.
    ///
    /// # Errors
    ///
    /// Returns an error if the client does not accept the event, and if the connection breaks before the client has said so.
    pub async fn deliver(&self, event: &(impl Serialize + ?Sized + Sync)) -> Result<(), ClientClosed> {
        let text = serde_json::to_string(event);
        let text = text.as_deref().unwrap_or_default();
        let delivered = self.attempt(|| self.observer.saw(Surface::Event, event)).await;
        let mut lost = self.shared.lost.lock().unwrap_or_else(PoisonError::into_inner);
        match delivered {
            Err(Undelivered::Refused) => lost.push(text.to_owned()),
            Ok(()) | Err(Undelivered::Unacknowledged) => lost.retain(|event| event != text),
        }
        if delivered.is_err() {
            self.observer.tell(CallFact::DeliveryFailed);
        }
        Ok(delivered?)
    }

    /// Takes the message of this number, for a [`ChannelProbe`](super::ChannelProbe).
    ///
    /// # Errors
    ///
    /// As [`deliver`](Self::deliver).
    pub async fn deliver_number(&self, number: u64) -> Result<(), ClientClosed> {
        let delivered = self
            .attempt(|| self.numbers(|numbers| numbers.push(number)))
            .await;
        Ok(delivered?)
    }

    /// Ends the connection well.
    ///
    /// # Errors
    ///
    /// Returns an error if it does not end well, which the subject has to tell whoever closed the engine.
    pub async fn close(&self) -> Result<(), ClientClosed> {
        tokio::task::yield_now().await;
        if self.shared.refuse_close.load(Ordering::Relaxed) {
            self.shared.closes_refused.fetch_add(1, Ordering::Relaxed);
            return Err(ClientClosed);
        }
        Ok(())
    }

    async fn attempt(&self, accept: impl FnOnce()) -> Result<(), Undelivered> {
        tokio::task::yield_now().await;
        let shared = &self.shared;
        let attempt = shared.attempts.fetch_add(1, Ordering::Relaxed) + 1;
        if shared.is_cut.load(Ordering::Relaxed) || attempt == shared.refuse.load(Ordering::Relaxed) {
            shared.refused.fetch_add(1, Ordering::Relaxed);
            return Err(Undelivered::Refused);
        }
        accept();
        if attempt == shared.unacknowledged.load(Ordering::Relaxed) {
            return Err(Undelivered::Unacknowledged);
        }
        shared.delivered.fetch_add(1, Ordering::Relaxed);
        Ok(())
    }

    /// Refuses the delivery that comes after this many more.
    pub(super) fn refuse_after(&self, more: u64) {
        let next = self.shared.attempts.load(Ordering::Relaxed) + 1;
        self.shared.refuse.store(next + more, Ordering::Relaxed);
    }

    /// Accepts the delivery that comes after this many more, and says that it did not.
    pub(super) fn lose_acknowledgement_after(&self, more: u64) {
        let next = self.shared.attempts.load(Ordering::Relaxed) + 1;
        self.shared.unacknowledged.store(next + more, Ordering::Relaxed);
    }

    /// Ends badly when it is closed.
    pub(super) fn refuse_close(&self) {
        self.shared.refuse_close.store(true, Ordering::Relaxed);
    }

    /// Accepts nothing any more.
    pub(super) fn cut(&self) {
        self.shared.is_cut.store(true, Ordering::Relaxed);
    }

    /// Whether it has refused an event that did not come again.
    pub(super) fn has_lost(&self) -> bool {
        let lost = self.shared.lost.lock().unwrap_or_else(PoisonError::into_inner);
        !lost.is_empty()
    }

    pub(super) fn delivered(&self) -> u64 {
        self.shared.delivered.load(Ordering::Relaxed)
    }

    pub(super) fn refused(&self) -> u64 {
        self.shared.refused.load(Ordering::Relaxed)
    }

    pub(super) fn closes_refused(&self) -> u64 {
        self.shared.closes_refused.load(Ordering::Relaxed)
    }

    /// The numbers that it received, in order.
    pub(super) fn received(&self) -> Vec<u64> {
        self.numbers(|numbers| numbers.clone())
    }

    fn numbers<T>(&self, work: impl FnOnce(&mut Vec<u64>) -> T) -> T {
        work(&mut self.shared.numbers.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client")
            .field("delivered", &self.delivered())
            .field("refused", &self.refused())
            .finish_non_exhaustive()
    }
}
