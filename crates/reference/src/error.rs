use std::time::Duration;

use thiserror::Error;

use super::{InvalidIdentity, SinkClosed};

/// Why no engine was created. Names no other user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CreateError {
    /// An id is not valid.
    #[error(transparent)]
    InvalidIdentity(#[from] InvalidIdentity),
    /// The user has the maximum number of open engines.
    #[error("you have {limit} engines open, as many as may be had at once; close one first")]
    LimitReached {
        /// The maximum number.
        limit: usize,
    },
    /// The factory is shut down.
    #[error("the factory is shut down; make a new one")]
    ShutDown,
}

/// Why a run has no answer. Names no other user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum RunError {
    /// The request is not valid.
    #[error("the request cannot be run: {reason}")]
    InvalidRequest {
        /// Why it is not valid.
        reason: String,
    },
    /// The engine is closed.
    #[error("the engine is closed; create another one")]
    Closed,
    /// The call waited too long for its permit to run.
    #[error("no turn within {} ms; try again when your other calls are done", patience.as_millis())]
    Busy {
        /// How long it waited.
        patience: Duration,
    },
    /// The run took too long and was cancelled.
    #[error("no answer within {} ms; ask for less at once", limit.as_millis())]
    TimedOut {
        /// How long it may take.
        limit: Duration,
    },
    /// The model returned an error.
    #[error("the model gave no answer")]
    Model(#[from] ModelError),
    /// A tool returned an error.
    #[error("the tool `{tool}` gave no answer")]
    Tool {
        /// The name of the tool.
        tool: String,
        /// The error of the tool.
        source: ToolError,
    },
    /// An event could not be delivered, so the run was stopped.
    #[error("an event could not be delivered")]
    Delivery(#[from] DeliveryError),
}

/// Why an event was not delivered.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum DeliveryError {
    /// The sink is closed.
    #[error(transparent)]
    Closed(#[from] SinkClosed),
    /// The sink did not accept the event in time.
    #[error("the sink did not accept an event within {} ms; read faster or connect again", limit.as_millis())]
    Stalled {
        /// How long it may take.
        limit: Duration,
    },
}

/// An error of a model.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct ModelError {
    reason: String,
}

impl ModelError {
    /// Creates an error with this message.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

/// An error of a tool.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("{reason}")]
pub struct ToolError {
    reason: String,
}

impl ToolError {
    /// Creates an error with this message.
    pub fn new(reason: impl Into<String>) -> Self {
        Self {
            reason: reason.into(),
        }
    }
}

/// Background tasks did not end well when an engine was closed. The engine is closed nevertheless.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
#[error(
    "of the background tasks, {aborted} had to be aborted and {panicked} panicked; look for them in the log"
)]
pub struct CloseError {
    pub(super) aborted: usize,
    pub(super) panicked: usize,
}

impl CloseError {
    /// Returns an error if a task was aborted or panicked.
    pub(super) fn into_result(self) -> Result<(), Self> {
        if self.aborted + self.panicked == 0 {
            Ok(())
        } else {
            Err(self)
        }
    }

    /// The number of background tasks that took too long and were aborted.
    #[must_use]
    pub fn aborted(&self) -> usize {
        self.aborted
    }

    /// The number of background tasks that panicked.
    #[must_use]
    pub fn panicked(&self) -> usize {
        self.panicked
    }
}
