use std::fmt;
use std::time::Duration;

use thiserror::Error;

use super::{InvalidIdentity, SinkClosed, TooDeep};

/// Why no engine was created. Names no other user.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CreateError {
    /// An id is not valid.
    #[error(transparent)]
    InvalidIdentity(#[from] InvalidIdentity),
    /// The user has the maximum number of open engines.
    #[error("{}", limit_reached(*limit))]
    LimitReached {
        /// The maximum number.
        limit: usize,
    },
    /// The factory is shut down.
    #[error("the factory is shut down; make a new one")]
    ShutDown,
}

fn limit_reached(limit: usize) -> String {
    if limit == 0 {
        return "nobody may have an engine, as `engines_per_user` is 0; set it to 1 or more".to_owned();
    }
    format!("you have {limit} engines open, as many as may be had at once; close one first")
}

/// Why work in the scope of an engine has no result.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ScopeError {
    /// No engine was created, and the work did not begin.
    #[error(transparent)]
    Create(#[from] CreateError),
    /// The work is done, and the engine did not close well.
    #[error(transparent)]
    Close(#[from] CloseError),
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
    /// There is no tool of this name.
    #[error("there is no tool `{tool}`; there are {known}")]
    UnknownTool {
        /// The name.
        tool: String,
        /// The names of all tools.
        known: String,
    },
    /// The context can have no further child.
    #[error(transparent)]
    TooDeep(#[from] TooDeep),
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

/// Something did not end well when an engine was closed. The engine is closed nevertheless.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Error)]
pub struct CloseError {
    pub(super) aborted: usize,
    pub(super) panicked: usize,
    pub(super) clean_ups: usize,
    pub(super) sinks: usize,
}

impl CloseError {
    /// Returns an error if anything did not end well.
    pub(super) fn into_result(self) -> Result<(), Self> {
        if self == Self::default() {
            Ok(())
        } else {
            Err(self)
        }
    }

    /// Counts what did not end well elsewhere as well.
    pub(super) fn add(&mut self, other: Result<(), Self>) {
        if let Err(other) = other {
            self.aborted += other.aborted;
            self.panicked += other.panicked;
            self.clean_ups += other.clean_ups;
            self.sinks += other.sinks;
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

    /// The number of clean-ups that failed.
    #[must_use]
    pub fn clean_ups(&self) -> usize {
        self.clean_ups
    }

    /// The number of sinks that failed when they were closed.
    #[must_use]
    pub fn sinks(&self) -> usize {
        self.sinks
    }
}

impl fmt::Display for CloseError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        if self.aborted + self.panicked > 0 {
            parts.push(format!(
                "of the background tasks, {} had to be aborted and {} panicked; look for them in the log",
                self.aborted, self.panicked
            ));
        }
        if self.clean_ups > 0 {
            parts.push(format!("{} clean-ups failed", self.clean_ups));
        }
        if self.sinks > 0 {
            parts.push(format!("{} sinks failed to close", self.sinks));
        }
        f.write_str(&parts.join("; "))
    }
}

/// An engine is not the canonical one, so that what needs the canonical one refuses it.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error(
    "`{found}` is not the canonical engine; use `UserExecutionEngine`, which `ExecutionEngineFactory::create` returns"
)]
pub struct DeprecatedEngine {
    found: &'static str,
}

impl DeprecatedEngine {
    /// Creates an error about an engine of the type of this name.
    #[must_use]
    pub fn new(found: &'static str) -> Self {
        Self { found }
    }

    /// The name of the type of the engine that was refused.
    #[must_use]
    pub fn found(&self) -> &'static str {
        self.found
    }
}
