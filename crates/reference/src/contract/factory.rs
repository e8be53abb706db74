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
/// A method with a body is one that not every factory has; `None` says so to its caller. Of a factory that wraps another one, it is
/// that of the other one.
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

    /// Returns the factory that this one wraps, if it wraps one.
    fn wrapped(&self) -> Option<&dyn EngineFactory> {
        None
    }

    /// Closes the engines that have been idle for long, and returns how many were.
    ///
    /// # Errors
    ///
    /// Returns an error if something did not end well. Every idle engine is closed nevertheless.
    async fn sweep(&self) -> Option<Result<usize, CloseError>> {
        match self.wrapped() {
            Some(wrapped) => wrapped.sweep().await,
            None => None,
        }
    }

    /// Returns the maximum number of open engines of a user, if there is one.
    fn engine_limit(&self) -> Option<usize> {
        self.wrapped()?.engine_limit()
    }

    /// Returns the number of entries that the factory keeps after runs have ended, if it can say so.
    fn footprint(&self) -> Option<usize> {
        self.wrapped()?.footprint()
    }

    /// Returns the current counts, if there are any.
    fn counts(&self) -> Option<MetricsSnapshot> {
        self.wrapped()?.counts()
    }

    /// Returns the channel of a user, to a socket that can be replaced, if the system has channels.
    fn channel(&self, user: &UserId, socket: Arc<dyn Socket>) -> Option<Arc<dyn Channel>> {
        self.wrapped()?.channel(user, socket)
    }

    /// Returns an orchestrator on this engine, if the system has orchestrators.
    ///
    /// # Errors
    ///
    /// Returns an error if the engine is not the canonical one.
    fn orchestrator(
        &self,
        engine: Arc<dyn ExecutionEngine>,
    ) -> Option<Result<Box<dyn Orchestrator>, DeprecatedEngine>> {
        self.wrapped()?.orchestrator(engine)
    }

    /// Returns the settings of all users who are there, if the system has any.
    fn settings(&self) -> Option<&dyn UserSettings> {
        self.wrapped()?.settings()
    }
}
