//! The orchestrator takes the canonical engine only, and takes the path for which there is enough data.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use ssot_reference::legacy::Legacy;
use ssot_reference::workflow::{ChatOrchestrator, DataSufficiency, SupervisorAgent, WorkflowOrchestrator};
use ssot_reference::{
    Answer, CloseError, Config, DeprecatedEngine, EngineFactory, ExecutionEngine, Live, Mailbox,
    Orchestrator, Request, RunError, UserExecutionEngine,
};

use crate::clients::{engine, factory, ids, request};

async fn deprecated(legacy: Legacy) -> Arc<dyn ExecutionEngine> {
    let created = legacy
        .factory()
        .create_for_user(ids("ada"), Arc::new(Mailbox::default()))
        .await;
    created.expect("the identity is valid")
}

#[tokio::test(start_paused = true)]
async fn every_legacy_engine_is_refused_with_the_name_of_the_replacement() {
    for &legacy in Legacy::ALL {
        let engine = deprecated(legacy).await;
        // A row about something else than engines has the canonical one.
        if Arc::clone(&engine).canonical().is_ok() {
            continue;
        }
        let refused = WorkflowOrchestrator::of_any(engine).expect_err("it is deprecated");
        assert!(refused.found().contains("legacy"), "{legacy}: {refused}");
        assert!(
            refused.to_string().contains("use `UserExecutionEngine`"),
            "{legacy}: {refused}"
        );
    }
}

/// Passes calls on, and claims to be what is inside.
#[derive(Debug)]
struct Wrapper(Arc<dyn ExecutionEngine>);

#[async_trait]
impl ExecutionEngine for Wrapper {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let mut answer = self.0.run(request).await?;
        "by the wrapper".clone_into(&mut answer.text);
        Ok(answer)
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.0.close().await
    }

    fn canonical(self: Arc<Self>) -> Result<Arc<UserExecutionEngine>, DeprecatedEngine> {
        Arc::clone(&self.0).canonical()
    }
}

#[tokio::test(start_paused = true)]
async fn of_a_wrapper_the_canonical_engine_is_used_or_none() {
    let factory = factory(Config::default(), Duration::ZERO);
    let (inner, _) = engine(&factory, "ada").await;
    let orchestrator =
        WorkflowOrchestrator::of_any(Arc::new(Wrapper(inner.clone()))).expect("it has the canonical one");
    assert!(std::ptr::eq(orchestrator.engine(), &raw const *inner));
    let answer = orchestrator
        .orchestrate(request())
        .await
        .expect("the model answers");
    assert_ne!(answer.text, "by the wrapper");
    let wrapped = Arc::new(Wrapper(deprecated(Legacy::SharedState).await));
    assert!(WorkflowOrchestrator::of_any(wrapped).is_err());
}

#[tokio::test(start_paused = true)]
async fn a_deprecated_engine_cannot_be_put_in_the_place_of_the_canonical_one() {
    let factory = factory(Config::default(), Duration::ZERO);
    let (first, _) = engine(&factory, "ada").await;
    let (second, _) = engine(&factory, "ada").await;
    let mut orchestrator = WorkflowOrchestrator::new(first.clone());
    let swapped = orchestrator.replace_engine(deprecated(Legacy::SharedState).await);
    assert!(swapped.is_err());
    assert!(
        std::ptr::eq(orchestrator.engine(), &raw const *first),
        "it keeps the one that it has"
    );
    orchestrator
        .replace_engine(second.clone())
        .expect("it is canonical");
    assert!(std::ptr::eq(orchestrator.engine(), &raw const *second));
    second.close().await.expect("it has no tasks");
    assert!(orchestrator.replace_engine(second).is_err(), "it is closed");
}

#[tokio::test(start_paused = true)]
async fn the_path_is_decided_by_how_much_is_known() {
    let factory = factory(Config::default(), Duration::ZERO);
    let (engine, _) = engine(&factory, "ada").await;
    let orchestrator = WorkflowOrchestrator::new(engine);
    for (facts, path) in [
        (0, &["triage", "data_helper", "reporting"][..]),
        (2, &["triage", "data_helper", "data", "reporting"]),
        (3, &["triage", "data", "optimisation", "actions", "reporting"]),
    ] {
        let outputs = orchestrator.run(DataSufficiency::of(facts), "a question").await;
        let outputs = outputs.expect("the model answers");
        let steps: Vec<_> = outputs.iter().map(|output| &*output.step).collect();
        assert_eq!(steps, path, "{facts} facts");
    }
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_its_users_and_a_failed_message_is_not_remembered() {
    let factory = Arc::new(factory(Config::default(), Duration::ZERO));
    let chat = ChatOrchestrator::new(SupervisorAgent::new(Arc::clone(&factory)));
    let say = async |user: &str, message: &str| {
        chat.answer(ids(user), Arc::new(Mailbox::default()), message)
            .await
    };
    say("ada", "my card is 4711").await.expect("the model answers");
    say("ada", "fail").await.expect_err("the model fails");
    let second = say("ada", "is it good?").await.expect("the model answers");
    assert!(second.contains("(known: my card is 4711)"), "{second}");
    let bens = say("ben", "is it good?").await.expect("the model answers");
    assert!(!bens.contains("4711"), "{bens}");
    assert_eq!(factory.live(), Live::default(), "no engine is left open");
    assert_eq!(factory.metrics().engines_closed, 4);
}
