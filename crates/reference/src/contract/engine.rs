use std::any::type_name;
use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;

use super::{Answer, ContextHandle, Request, StatusView};
use crate::{CloseError, DeprecatedEngine, Live, RequestIds, RunError, UserExecutionEngine};

/// Runs agents for one user.
///
/// A method with a body is one that not every engine has; the body says so to its caller. Of an engine that wraps another one, it is
/// that of the other one.
#[async_trait]
pub trait ExecutionEngine: fmt::Debug + Send + Sync {
    /// Runs an agent and returns its answer. Every step is sent to the user's sink as an event.
    ///
    /// # Errors
    ///
    /// Returns why the run failed. The error is also sent to the sink, unless the sink itself failed.
    async fn run(&self, request: Request) -> Result<Answer, RunError>;

    /// Refuses further runs, waits for current runs and background tasks, and drops the sink. Closing an engine again has no
    /// effect.
    ///
    /// # Errors
    ///
    /// Returns an error if something did not end well. The engine is closed nevertheless.
    async fn close(&self) -> Result<(), CloseError>;

    /// Returns the engine that this one wraps, if it wraps one. Whoever asks for the canonical engine asks each by itself.
    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        None
    }

    /// Returns the resources that the engine holds, without the engine itself, which its factory counts.
    fn live(&self) -> Live {
        self.wrapped().map_or_else(Live::default, ExecutionEngine::live)
    }

    /// Returns the canonical engine, if this is it. An engine that wraps the canonical one can return only that one, so that
    /// whoever asks never works with the wrapper.
    ///
    /// # Errors
    ///
    /// Returns an error, which names the replacement, if this is another engine.
    fn canonical(self: Arc<Self>) -> Result<Arc<UserExecutionEngine>, DeprecatedEngine> {
        Err(DeprecatedEngine::new(type_name::<Self>()))
    }

    /// Runs an agent under a context that the caller hands in with the call.
    ///
    /// # Errors
    ///
    /// Returns an error if the context is not one of this engine's user, and if the engine takes no context with a call.
    async fn run_under(&self, context: RequestIds, request: Request) -> Result<Answer, RunError> {
        if let Some(wrapped) = self.wrapped() {
            return wrapped.run_under(context, request).await;
        }
        Err(RunError::InvalidRequest {
            reason: "this engine takes no context with a call; call `run`".to_owned(),
        })
    }

    /// Returns the context of the engine as tools and agents get it, if they get one.
    fn context_handle(&self) -> Option<Arc<dyn ContextHandle>> {
        self.wrapped()?.context_handle()
    }

    /// Returns what the engine holds about its user, as names and texts, if it can say so.
    fn state(&self) -> Option<BTreeMap<String, String>> {
        self.wrapped()?.state()
    }

    /// Returns whether the engine claims to share no state with another one, if it claims anything.
    fn attests_isolation(&self) -> Option<bool> {
        self.wrapped()?.attests_isolation()
    }

    /// Returns what each place that keeps the status of runs says; empty if there is none.
    fn status_views(&self) -> Vec<StatusView> {
        self.wrapped()
            .map_or_else(Vec::new, ExecutionEngine::status_views)
    }

    /// Returns how long the engine has had no run, or `None` while it has one, and if it does not measure it.
    fn idle_for(&self) -> Option<Duration> {
        self.wrapped()?.idle_for()
    }
}
