//! A pipeline runs its steps in their order, and stops at the first that fails.

use std::time::Duration;

use ssot_reference::events::EventKind;
use ssot_reference::{Config, ExecutionEngineFactory, PipelineError, RunError, Step};
use tokio::time::Instant;

use crate::clients::{engine, factory, kinds};

const SECOND: Duration = Duration::from_secs(1);

fn slow() -> ExecutionEngineFactory {
    factory(Config::default(), SECOND)
}

fn names(outputs: &[ssot_reference::StepOutput]) -> Vec<&str> {
    outputs.iter().map(|output| &*output.step).collect()
}

#[tokio::test(start_paused = true)]
async fn a_sequence_hands_each_output_to_the_next_step() {
    let factory = slow();
    let (engine, mailbox) = engine(&factory, "ada").await;
    let pipeline = Step::sequence([Step::agent("triage"), Step::agent("reporting")]);
    let begun = Instant::now();
    let outputs = engine
        .run_pipeline(&pipeline, "a question")
        .await
        .expect("the model answers");
    assert_eq!(begun.elapsed(), 2 * SECOND);
    assert_eq!(names(&outputs), ["triage", "reporting"]);
    assert!(
        outputs[1]
            .text
            .starts_with("reporting here. You ask: triage here. You ask: a question")
    );
    let events = mailbox.events();
    assert_eq!(events.len(), 14);
    assert_ne!(events[0].run_id, events[7].run_id, "each agent is a run");
    assert_eq!(engine.statistics().answered, 1, "the pipeline is one call");
}

#[tokio::test(start_paused = true)]
async fn parallel_steps_run_at_once_with_the_same_input() {
    let factory = slow();
    let (engine, mailbox) = engine(&factory, "ada").await;
    let pipeline = Step::parallel([
        Step::agent("data"),
        Step::agent("actions"),
        Step::tool("note_writer"),
    ]);
    let begun = Instant::now();
    let outputs = engine
        .run_pipeline(&pipeline, "a question")
        .await
        .expect("the model answers");
    assert_eq!(begun.elapsed(), SECOND);
    assert_eq!(names(&outputs), ["data", "actions", "note_writer"]);
    assert!(
        outputs[..2]
            .iter()
            .all(|output| output.text.contains("You ask: a question"))
    );
    let kinds = kinds(&mailbox.events());
    let completed = kinds.iter().filter(|kind| **kind == EventKind::AgentCompleted);
    assert_eq!(
        (kinds[1], completed.count()),
        (EventKind::AgentStarted, 3),
        "they interleave"
    );
}

#[tokio::test(start_paused = true)]
async fn a_conditional_step_runs_only_if_its_condition_is_true() {
    let factory = slow();
    let (engine, _) = engine(&factory, "ada").await;
    let pipeline = Step::sequence([
        Step::when(|input| input.contains("urgent"), Step::agent("actions")),
        Step::when(|input| input.contains("owe"), Step::agent("data")),
    ]);
    let outputs = engine
        .run_pipeline(&pipeline, "what do I owe?")
        .await
        .expect("the model answers");
    assert_eq!(names(&outputs), ["data"]);
    let none = engine
        .run_pipeline(&pipeline, "hello")
        .await
        .expect_err("no condition is true");
    assert_eq!(none, PipelineError::Empty);
    let empty = engine
        .run_pipeline(&Step::sequence([]), "hello")
        .await
        .expect_err("it has no step");
    assert_eq!(empty, PipelineError::Empty);
    let nothing = engine
        .run_pipeline(&pipeline, " ")
        .await
        .expect_err("there is no input");
    assert!(matches!(
        nothing,
        PipelineError::NotBegun(RunError::InvalidRequest { .. })
    ));
}

#[tokio::test(start_paused = true)]
async fn a_failing_step_is_named_and_ends_the_pipeline() {
    let factory = slow();
    let (engine, mailbox) = engine(&factory, "ada").await;
    let failing = Step::parallel([Step::agent("data"), Step::tool("missing")]);
    let pipeline = Step::sequence([failing, Step::agent("reporting")]);
    let failed = engine
        .run_pipeline(&pipeline, "a question")
        .await
        .expect_err("no such tool");
    assert!(
        matches!(&failed, PipelineError::Step { step, source: RunError::UnknownTool { .. } } if step == "missing"),
        "{failed:?}"
    );
    assert!(
        mailbox
            .events()
            .iter()
            .all(|event| !format!("{:?}", event.payload).contains("reporting"))
    );
    assert_eq!(engine.statistics().failed, 1);
}
