use std::time::Duration;

use thiserror::Error;

use super::{InvalidIdentity, SinkClosed};

/// Why no engine was created. Says nothing of other users.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CreateError {
    /// The identity is not one to work for.
    #[error(transparent)]
    InvalidIdentity(#[from] InvalidIdentity),
    /// The user has as many engines as may be had at once.
    #[error("you have {limit} engines open, as many as may be had at once; close one first")]
    LimitReached {
        /// How many a user may have.
        limit: usize,
    },
    /// The factory is shut down.
    #[error("the factory is shut down; make a new one")]
    ShutDown,
}

/// Why a run gave no answer. Says nothing of other users.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The request cannot be run.
    #[error("the request cannot be run: {reason}")]
    InvalidRequest {
        /// What is wrong with it.
        reason: String,
    },
    /// The engine is closed.
    #[error("the engine is closed; create another one")]
    Closed,
    /// The call did not get its turn in time.
    #[error("no turn within {} ms; try again when your other calls are done", patience.as_millis())]
    Busy {
        /// How long it waited.
        patience: Duration,
    },
    /// The run took too long and was stopped.
    #[error("no answer within {} ms; ask for less at once", limit.as_millis())]
    TimedOut {
        /// How long it may take.
        limit: Duration,
    },
    /// The model gave no answer.
    #[error("the model gave no answer")]
    Model(#[from] ModelError),
    /// A tool gave no answer.
    #[error("the tool `{tool}` gave no answer")]
    Tool {
        /// Which one.
        tool: String,
        /// What it says.
        source: ToolError,
    },
    /// An event could not be delivered, so that the run was stopped.
    #[error("an event could not be delivered")]
    Delivery(#[from] DeliveryError),
}

/// Why a sink did not take an event.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// Nobody listens any more.
    #[error(transparent)]
    Closed(#[from] SinkClosed),
    /// The sink did not accept it in time.
    #[error("the sink did not accept an event within {} ms; read faster or connect again", limit.as_millis())]
    Stalled {
        /// How long it may take.
        limit: Duration,
    },
}

/// What a model says instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct ModelError {
    reason: String,
}

impl ModelError {
    /// An error of this text.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

/// What a tool says instead of an answer.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct ToolError {
    reason: String,
}

impl ToolError {
    /// An error of this text.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

/// What was left when an engine was closed. The engine is closed all the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "of the background tasks, {aborted} had to be aborted and {panicked} panicked; look for them in the log"
)]
pub struct CloseError {
    pub(super) aborted: usize,
    pub(super) panicked: usize,
}

impl CloseError {
    /// An error only where something was left.
    pub(super) fn none_or_err(self) -> Result<(), Self> {
        if self.aborted + self.panicked == 0 {
            Ok(())
        } else {
            Err(self)
        }
    }

    /// How many background tasks took too long and were aborted.
    #[must_use]
    pub fn aborted(&self) -> usize {
        self.aborted
    }

    /// How many background tasks panicked.
    #[must_use]
    pub fn panicked(&self) -> usize {
        self.panicked
    }
}
