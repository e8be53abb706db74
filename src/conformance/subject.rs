use serde_json::Value;

use super::{Accounts, ChannelProbe, Client, ContextProbe, Disguise, Promise, SettingsProbe};
use crate::events::Protocol;
use crate::isolation::{ScriptError, ScriptResult};
use crate::user::UserContext;

/// The five events of an agent's run, whose tools may run side by side.
pub(super) fn events_of_a_run() -> Protocol {
    Protocol::new("agent run")
        .each_run_by("run_id")
        .sequence("agent_started agent_completed")
        .keyed("tool_name", "(tool_executing tool_completed)*")
        .all_closed_before("agent_completed")
        .nothing_before("agent_started")
        .nothing_after("agent_completed")
        .failure_at("agent_completed", "/outcome/error")
        .allowing_others()
}

/// A system whose promises are checked: a factory of engines, a server with sessions, anything that serves users one by one.
///
/// Three methods are needed. Each of the others gives a check something to look at; where one of them returns `None`, the promise
/// that needs it has to be declared in [`exemptions`](Self::exemptions), with the reason why it does not apply.
///
/// ```
/// use ssot_harness::conformance::{Client, Conformance, Promise, Subject};
/// use ssot_harness::isolation::ScriptError;
/// use ssot_harness::prelude::*;
///
/// struct Echo;
///
/// impl Subject for Echo {
///     type Engine = Client;
///
///     async fn create(&self, _context: &UserContext, client: Client) -> Result<Client, ScriptError> {
///         Ok(client)
///     }
///
///     async fn run(&self, client: &Client, prompt: &str) -> Result<String, ScriptError> {
///         for kind in ["agent_started", "agent_completed"] {
///             client.deliver(&serde_json::json!({ "type": kind, "run_id": prompt })).await?;
///         }
///         Ok(prompt.to_owned())
///     }
///
///     async fn close(&self, _client: &Client) -> ScriptResult {
///         Ok(())
///     }
/// }
///
/// let kept = Conformance::new(async || Echo).executions(50).check(Promise::UsersIsolated);
/// assert!(kept.is_kept(), "{kept}");
/// ```
pub trait Subject: 'static {
    /// What one user works with.
    type Engine: 'static;

    /// Creates an engine for the user of `context`, and sends the user's events to `client`.
    ///
    /// An error is a refusal, which the promises about identities and limits expect.
    fn create(
        &self,
        context: &UserContext,
        client: Client,
    ) -> impl Future<Output = Result<Self::Engine, ScriptError>>;

    /// Runs an agent and returns its answer, in which the prompt has to show.
    fn run(&self, engine: &Self::Engine, prompt: &str) -> impl Future<Output = Result<String, ScriptError>>;

    /// Closes an engine: no run after that, and nothing left of it.
    fn close(&self, engine: &Self::Engine) -> impl Future<Output = ScriptResult>;

    /// The promises that do not apply to this system, each with the reason.
    fn exemptions(&self) -> Vec<(Promise, &'static str)> {
        Vec::new()
    }

    /// What the events of a call look like, and in which order they come.
    ///
    /// The default is that of objects with a `type` and a `run_id`: `agent_started` begins a run; `tool_executing` and `tool_completed`
    /// come in pairs, by `tool_name`; `agent_completed` is the last, with `outcome.error` if the run failed. Other events may come between.
    fn protocol(&self) -> Protocol {
        events_of_a_run()
    }

    /// The address of the engine itself, which no two engines that exist at the same time share.
    fn address(&self, _engine: &Self::Engine) -> Option<usize> {
        None
    }

    /// What the engine holds about its user, which no other engine may change.
    fn state(&self, _engine: &Self::Engine) -> Option<Value> {
        None
    }

    /// The context of the engine.
    fn context(&self, _engine: &Self::Engine) -> Option<Box<dyn ContextProbe>> {
        None
    }

    /// Runs an agent under a context that comes with the call. `None` if a call takes none.
    fn run_under(
        &self,
        _engine: &Self::Engine,
        _context: &UserContext,
        _prompt: &str,
    ) -> impl Future<Output = Option<Result<String, ScriptError>>> {
        async { None }
    }

    /// Offers an implementation to what takes only the canonical one, in this disguise. `engine` is an engine of this system.
    fn offer(
        &self,
        _engine: &Self::Engine,
        _disguise: Disguise,
    ) -> impl Future<Output = Option<ScriptResult>> {
        async { None }
    }

    /// A prompt for which a run fails after it has begun.
    fn failing_prompt(&self) -> Option<&str> {
        None
    }

    /// A prompt for which a run takes longer than it may.
    fn slow_prompt(&self) -> Option<&str> {
        None
    }

    /// What is live at the moment: engines, runs, connections. It is the same once all users have left.
    fn live(&self) -> Option<Value> {
        None
    }

    /// How many engines a user can have at once.
    fn engine_limit(&self) -> Option<usize> {
        None
    }

    /// How many entries are kept about runs that are over.
    fn footprint(&self) -> Option<usize> {
        None
    }

    /// How many runs of a user the system may remember. The check of growth makes more than that many between two looks at
    /// [`footprint`](Self::footprint).
    fn remembered_runs(&self) -> usize {
        8
    }

    /// What the system claims to have done.
    fn accounts(&self) -> Option<Accounts> {
        None
    }

    /// Whether the engine claims to share no state.
    fn attests_isolation(&self, _engine: &Self::Engine) -> Option<bool> {
        None
    }

    /// What each place that keeps the status of the engine's runs says, in the same form.
    fn status_views(&self, _engine: &Self::Engine) -> Option<Vec<Value>> {
        None
    }

    /// Closes what is idle, as a background job would. `None` if there is no such job.
    fn sweep(&self) -> impl Future<Output = Option<ScriptResult>> {
        async { None }
    }

    /// The channel to a user's client.
    fn channel(&self, _context: &UserContext, _client: Client) -> Option<Box<dyn ChannelProbe>> {
        None
    }

    /// The settings of all users who are there.
    fn settings(&self) -> Option<Box<dyn SettingsProbe + '_>> {
        None
    }
}
