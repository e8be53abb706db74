use std::fmt;
use std::sync::Arc;

use async_trait::async_trait;

use super::{ExecutionEngine, Orchestrator};
use crate::delivery::{Channel, Socket};
use crate::workflow::UserSettings;
use crate::{
    CloseError, CreateError, DeprecatedEngine, EventSink, Live, MetricsSnapshot, RequestIds, UserId,
};

/// Creates engines for users.
///
/// A method with a body is one that not every factory has; `None` says so to its caller.
#[async_trait]
pub trait EngineFactory: fmt::Debug + Send + Sync {
    /// Creates an engine that works only for the user in `context`, and sends its events to `sink`. Dropping the engine
    /// releases its resources; closing it also waits for its work.
    ///
    /// # Errors
    ///
    /// Returns an error if an id is not valid, or if the user can have no further engine.
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError>;

    /// Closes every engine of a user.
    ///
    /// # Errors
    ///
    /// Returns an error if something did not end well. Every engine is closed nevertheless.
    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError>;

    /// Returns the resources that the factory and its engines hold.
    fn live(&self) -> Live;

    /// Closes the engines that have been idle for long, and returns how many were.
    ///
    /// # Errors
    ///
    /// Returns an error if something did not end well. Every idle engine is closed nevertheless.
    async fn sweep(&self) -> Option<Result<usize, CloseError>> {
        None
    }

    /// Returns the maximum number of open engines of a user, if there is one.
    fn engine_limit(&self) -> Option<usize> {
        None
    }

    /// Returns the number of entries that the factory keeps after runs have ended, if it can say so.
    fn footprint(&self) -> Option<usize> {
        None
    }

    /// Returns the current counts, if there are any.
    fn counts(&self) -> Option<MetricsSnapshot> {
        None
    }

    /// Returns the channel of a user, to a socket that can be replaced, if the system has channels.
    fn channel(&self, _user: &UserId, _socket: Arc<dyn Socket>) -> Option<Arc<dyn Channel>> {
        None
    }

    /// Returns an orchestrator on this engine, if the system has orchestrators.
    ///
    /// # Errors
    ///
    /// Returns an error if the engine is not the canonical one.
    fn orchestrator(
        &self,
        _engine: Arc<dyn ExecutionEngine>,
    ) -> Option<Result<Box<dyn Orchestrator>, DeprecatedEngine>> {
        None
    }

    /// Returns the settings of all users who are there, if the system has any.
    fn settings(&self) -> Option<&dyn UserSettings> {
        None
    }
}
