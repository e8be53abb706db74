//! The test plans of the system that the catalogue comes from: eleven tests for the interface of the orchestrator, eight for the factories.
//! Each fails with what a migration left and passes with the canonical implementation.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use ssot_harness::case::{NotProven, Proof};
use ssot_harness::conformance::{Conformance, Promise, differential};
use ssot_harness::oracle::{ExecutionView, Oracle};
use ssot_harness::prelude::*;
use ssot_harness::prove_between;
use ssot_harness::reference::events::Event;
use ssot_harness::reference::legacy::{FaultySystem, Legacy, disguises};
use ssot_harness::reference::{
    Config, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Mailbox, Model, ModelError,
    ObedientModel, Prompt, ReferenceSubject, Request, ScriptedModel, SinkClosed,
};

/// How many executions a side of a proof takes at the most.
const EXECUTIONS: u64 = 40;

type Factory = Box<dyn EngineFactory>;

/// What is checked: a faulty system, or the canonical one.
#[derive(Clone, Copy)]
struct Side(Option<FaultySystem>);

impl Side {
    fn make(self, model: Arc<dyn Model>) -> Factory {
        match self.0 {
            Some(system) => system.make(model),
            None => Box::new(ExecutionEngineFactory::with_model(Config::default(), model)),
        }
    }
}

fn named(name: &str) -> FaultySystem {
    let found = FaultySystem::ALL.iter().find(|system| system.name() == name);
    *found.expect("there is a system of this name")
}

/// The check, with the faulty system of this name, and with the canonical one.
fn between(before: FaultySystem, check: impl Fn(Side) -> Verdict) -> Result<Proof, NotProven> {
    prove_between(Side(Some(before)), Side(None), check)
}

/// A promise that the faulty system breaks.
fn promise(before: FaultySystem, promise: Promise) -> Result<Proof, NotProven> {
    between(before, |side| {
        Conformance::new(async move || ReferenceSubject::new(|model| side.make(model)))
            .executions(EXECUTIONS)
            .check(promise)
            .into_verdict()
    })
}

/// Reports every engine that was accepted and should not have been.
struct NoneAccepted;

impl Oracle for NoneAccepted {
    fn name(&self) -> &'static str {
        "no deprecated engine is accepted"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let observations = execution.trace().observations().iter();
        observations
            .filter(|seen| seen.text().contains("was accepted"))
            .map(|seen| {
                execution.violation_in(Kind::DeprecatedAccepted, seen, "a deprecated engine was accepted")
            })
            .collect()
    }
}

/// Offers engines to the orchestrator, in exchange for the canonical one if `swapped`.
fn refuses(
    before: &str,
    offered: fn() -> Vec<Arc<dyn ExecutionEngine>>,
    swapped: bool,
) -> Result<Proof, NotProven> {
    between(named(before), |side| {
        isolation(async move || side.make(Arc::new(ScriptedModel::default())))
            .users(2, async move |user: &User, factory: &Factory| {
                user.saw(Surface::Reply, &user.secret("card"));
                let canonical = factory
                    .create_for_user(user.context().into(), Arc::new(Mailbox::default()))
                    .await?;
                for engine in offered() {
                    let accepted = if swapped {
                        let orchestrator = factory.orchestrator(Arc::clone(&canonical));
                        let mut orchestrator = orchestrator.ok_or("there is no orchestrator")??;
                        orchestrator.replace_engine(engine).is_ok()
                    } else {
                        factory
                            .orchestrator(engine)
                            .ok_or("there is no orchestrator")?
                            .is_ok()
                    };
                    if accepted {
                        user.saw(Surface::Reply, "it was accepted");
                    }
                }
                Ok(())
            })
            .oracle(NoneAccepted)
            .executions(EXECUTIONS)
            .without_regressions()
            .check()
    })
}

/// Compares answers and errors with those of the canonical implementation.
fn same_behaviour(before: &str) -> Result<Proof, NotProven> {
    let model = || -> Arc<dyn Model> { Arc::new(ObedientModel::default()) };
    between(named(before), |side| {
        differential(
            async move || Side(None).make(model()),
            async move || side.make(model()),
        )
        .users(2, async |user: &User, factory: &Factory| {
            let engine = factory
                .create_for_user(user.context().into(), Arc::new(Mailbox::default()))
                .await?;
            for prompt in [
                user.secret("card"),
                ObedientModel::FAIL.to_owned(),
                " ".to_owned(),
            ] {
                match engine.run(Request::new("billing", prompt)).await {
                    Ok(answer) => user.saw(Surface::Reply, &answer.text.contains(&user.secret("card"))),
                    Err(error) => user.saw(Surface::Error, &error.to_string()),
                }
            }
            user.saw(Surface::Reply, &user.secret("card"));
            Ok(engine.close().await?)
        })
        .executions(EXECUTIONS)
        .without_regressions()
        .check()
    })
}

#[ssot_harness::test(fail_first(issue = "orchestrator#01", expect = "contract-drift"))]
fn the_orchestrator_accepts_the_canonical_engine() -> Result<Proof, NotProven> {
    promise(named("SupervisorAdapterFactory"), Promise::DeprecatedRefused)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#02", expect = "deprecated-accepted"))]
fn the_orchestrator_refuses_a_deprecated_engine() -> Result<Proof, NotProven> {
    refuses(
        "InjectedOrchestratorFactory",
        || vec![disguises::deprecated()],
        false,
    )
}

#[ssot_harness::test(fail_first(issue = "orchestrator#03", expect = "deprecated-accepted"))]
fn the_orchestrator_refuses_it_as_a_trait_object_with_a_grace_period() -> Result<Proof, NotProven> {
    let all = || {
        vec![
            disguises::deprecated(),
            disguises::renamed(),
            disguises::wrapped(),
        ]
    };
    refuses("WarningOrchestratorFactory", all, false)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#04", expect = "deprecated-accepted"))]
fn the_orchestrator_refuses_it_under_the_canonical_name() -> Result<Proof, NotProven> {
    refuses("NameGateFactory", || vec![disguises::renamed()], false)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#05", expect = "deprecated-accepted"))]
fn the_orchestrator_refuses_it_in_a_wrapper() -> Result<Proof, NotProven> {
    refuses("DuckGateFactory", || vec![disguises::wrapped()], false)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#06", expect = "deprecated-accepted"))]
fn the_orchestrator_refuses_it_in_exchange() -> Result<Proof, NotProven> {
    refuses("OpenFieldFactory", || vec![disguises::deprecated()], true)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#07", expect = "contract-drift"))]
fn engines_of_every_factory_behave_the_same() -> Result<Proof, NotProven> {
    same_behaviour("AnsweringEngineFactory")
}

#[ssot_harness::test(fail_first(issue = "orchestrator#08", expect = "context-leak"))]
fn concurrent_runs_stay_apart() -> Result<Proof, NotProven> {
    promise(named("OneConnectionFactory"), Promise::UsersIsolated)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#09", expect = "misattribution"))]
fn events_reach_the_user_of_their_run() -> Result<Proof, NotProven> {
    promise(Legacy::WrongRecipient.variant(), Promise::UsersIsolated)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#10", expect = "event-missing"))]
fn many_users_get_their_answers() -> Result<Proof, NotProven> {
    promise(named("BridgeFactory"), Promise::GoldenPath)
}

#[ssot_harness::test(fail_first(issue = "orchestrator#11", expect = "false-success"))]
fn the_supervisor_says_that_a_run_failed() -> Result<Proof, NotProven> {
    promise(named("ConsolidatedSupervisorFactory"), Promise::FailuresTold)
}

#[ssot_harness::test(fail_first(issue = "factories#01", expect = "shared-instance"))]
fn every_engine_is_new() -> Result<Proof, NotProven> {
    promise(named("CachedEngineFactory"), Promise::UniqueInstances)
}

#[ssot_harness::test(fail_first(issue = "factories#02", expect = "contract-drift"))]
fn engines_accept_and_refuse_the_same() -> Result<Proof, NotProven> {
    same_behaviour("SupervisorAdapterFactory")
}

#[ssot_harness::test(fail_first(issue = "factories#03", expect = "context-leak"))]
fn engines_of_a_factory_keep_users_apart() -> Result<Proof, NotProven> {
    promise(named("PooledSettingsFactory"), Promise::UsersIsolated)
}

#[ssot_harness::test(fail_first(issue = "factories#04", expect = "inconsistent-state"))]
fn the_status_of_a_run_is_the_same_everywhere() -> Result<Proof, NotProven> {
    promise(named("TwoTrackersFactory"), Promise::StatesAgree)
}

#[ssot_harness::test(fail_first(issue = "factories#05", expect = "event-missing"))]
fn every_run_sends_its_events() -> Result<Proof, NotProven> {
    promise(named("AgentInstanceFactory"), Promise::EventsComplete)
}

#[ssot_harness::test(fail_first(issue = "factories#06", expect = "event-missing"))]
fn an_answer_comes_with_its_events() -> Result<Proof, NotProven> {
    promise(named("RequestScopedFactory"), Promise::GoldenPath)
}

#[ssot_harness::test(fail_first(issue = "factories#07", expect = "event-duplicated"))]
fn existing_agents_send_each_event_once() -> Result<Proof, NotProven> {
    promise(named("RestartingFactory"), Promise::EventsComplete)
}

/// Counts its calls.
#[derive(Debug, Default)]
struct CountingModel {
    calls: Arc<AtomicU64>,
    inner: ScriptedModel,
}

#[async_trait]
impl Model for CountingModel {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        self.calls.fetch_add(1, Ordering::Relaxed);
        self.inner.complete(prompt).await
    }
}

/// Takes every event but the last one of the first run.
#[derive(Debug, Default)]
struct FailsOnce(AtomicU64);

#[async_trait]
impl EventSink for FailsOnce {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let is_last = event.kind().as_str() == "agent_completed";
        if is_last && self.0.fetch_add(1, Ordering::Relaxed) == 0 {
            return Err(SinkClosed);
        }
        Ok(())
    }
}

/// Reports a run that asked the model more than once.
struct OneModelCall;

impl Oracle for OneModelCall {
    fn name(&self) -> &'static str {
        "a run asks the model once"
    }

    fn judge(&self, execution: &ExecutionView<'_>) -> Vec<Violation> {
        let observations = execution.trace().observations().iter();
        observations
            .filter(|seen| seen.surface() == Surface::Metric && seen.value().as_u64() > Some(1))
            .map(|seen| {
                execution.violation_in(Kind::LimitExceeded, seen, "a run asked the model more than once")
            })
            .collect()
    }
}

#[ssot_harness::test(fail_first(issue = "factories#08", expect = "limit-exceeded"))]
fn a_run_costs_one_call_of_the_model() -> Result<Proof, NotProven> {
    between(named("UnifiedExecutionEngineFactory"), |side| {
        isolation(async || ())
            .users(2, async move |user: &User, (): &()| {
                let calls = Arc::<AtomicU64>::default();
                let model = CountingModel {
                    calls: Arc::clone(&calls),
                    ..CountingModel::default()
                };
                let factory = side.make(Arc::new(model));
                let engine = factory
                    .create_for_user(user.context().into(), Arc::<FailsOnce>::default())
                    .await?;
                match engine.run(Request::new("billing", user.secret("card"))).await {
                    Ok(answer) => user.saw(Surface::Reply, &answer),
                    Err(error) => user.saw(Surface::Error, &error.to_string()),
                }
                user.saw(Surface::Reply, &user.secret("card"));
                user.saw(Surface::Metric, &calls.load(Ordering::Relaxed));
                Ok(engine.close().await?)
            })
            .oracle(OneModelCall)
            .executions(EXECUTIONS)
            .without_regressions()
            .check()
    })
}
