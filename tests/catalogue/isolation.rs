//! A user gets the same with others present as alone, and nothing of theirs.

use ssot_harness::reference::events::{Event, EventKind, EventPayload, Outcome};
use ssot_harness::reference::{Config, EngineFactory, ExecutionEngineFactory, Request, UserExecutionContext};

use crate::by_hand::{engine_for, in_turn, secret, secret_request, user, visit};

const RUN: [EventKind; 7] = [
    EventKind::AgentStarted,
    EventKind::AgentThinking,
    EventKind::ToolExecuting,
    EventKind::ToolCompleted,
    EventKind::ToolExecuting,
    EventKind::ToolCompleted,
    EventKind::AgentCompleted,
];

fn factory() -> ExecutionEngineFactory {
    ExecutionEngineFactory::new(Config::default())
}

fn kinds(events: &[Event]) -> Vec<EventKind> {
    events.iter().map(Event::kind).collect()
}

#[tokio::test(start_paused = true)]
async fn a_runs_events_come_in_order_and_carry_its_ids() {
    let (answer, mailbox) = visit(&factory(), "ada").await.expect("the model answers");
    let events = mailbox.events();
    assert_eq!(kinds(&events), RUN);
    assert!(
        events
            .iter()
            .all(|event| *event == Event::new(&user("ada"), event.payload.clone()))
    );
    let outcome = Outcome::Answer(answer.text.clone());
    assert_eq!(events[6].payload, EventPayload::AgentCompleted { outcome });
    assert!(answer.text.contains(&secret("ada")));
    assert_eq!(answer.run_id, user("ada").run);
}

#[tokio::test(start_paused = true)]
async fn two_users_get_the_same_together_as_alone() {
    let alone = async |name: &'static str| {
        let (answer, mailbox) = visit(&factory(), name).await.expect("the model answers");
        (answer, mailbox.events())
    };
    let (ada, ben) = (alone("user-1").await, alone("user-10").await);
    let factory = factory();
    let (a, b) = in_turn(visit(&factory, "user-1"), visit(&factory, "user-10")).await;
    let together = [a, b].map(|visited| visited.expect("the model answers"));
    let together = together.map(|(answer, mailbox)| (answer, mailbox.events()));
    assert_eq!(together, [ada, ben]);
}

#[tokio::test(start_paused = true)]
async fn a_later_call_knows_the_users_own_earlier_one_only() {
    let factory = factory();
    visit(&factory, "ben").await.expect("the model answers");
    let (engine, mailbox) = engine_for(&factory, "ada").await.expect("the identity is valid");
    engine
        .run(secret_request("ada"))
        .await
        .expect("the model answers");
    let second = engine
        .run(Request::new("billing", "and now?"))
        .await
        .expect("the model answers");
    assert!(
        second
            .text
            .contains(&format!("Before that you asked: my card is {}", secret("ada")))
    );
    assert!(!second.text.contains(&secret("ben")));
    let events = mailbox.events();
    assert_eq!(kinds(&events), [RUN, RUN].concat());
    assert!(
        events[7..]
            .iter()
            .all(|event| event.run_id.as_str() == "run-ada.2")
    );
    assert_eq!(second.run_id.as_str(), "run-ada.2");
}

#[tokio::test(start_paused = true)]
async fn an_error_names_no_other_user() {
    let factory = ExecutionEngineFactory::new(Config {
        engines_per_user: 1,
        ..Config::default()
    });
    let (_bens, _) = engine_for(&factory, "ben").await.expect("ben has no engine yet");
    let (engine, _) = engine_for(&factory, "ada").await.expect("ada has no engine yet");
    let refused = engine_for(&factory, "ada").await.expect_err("ada has one");
    let failed = engine
        .run(Request::new("billing", " "))
        .await
        .expect_err("the prompt is empty");
    assert_eq!(
        refused.to_string(),
        "you have 1 engines open, as many as may be had at once; close one first"
    );
    assert_eq!(
        failed.to_string(),
        "the request cannot be run: the prompt is empty"
    );
}

#[tokio::test(start_paused = true)]
async fn the_debug_text_of_an_engine_shows_nothing_of_other_users() {
    let factory = factory();
    visit(&factory, "ben").await.expect("the model answers");
    let (_bens, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    let (engine, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let text = format!("{engine:?}");
    assert!(text.contains("ada"), "{text}");
    assert!(!text.contains("ben"), "{text}");
    assert!(!format!("{:?}", factory.live()).contains("ben"));
}

#[test]
fn a_child_context_copies_its_parents_metadata() {
    let parent = UserExecutionContext::new(user("ada"))
        .expect("the ids are valid")
        .with_metadata("locale", "en");
    let child = parent.for_call(2).with_metadata("step", "two");
    assert_eq!(child.run().as_str(), "run-ada.2");
    assert_eq!(child.metadata().get("locale").map(String::as_str), Some("en"));
    assert_eq!(
        child.metadata().get("parent_run").map(String::as_str),
        Some("run-ada")
    );
    assert!(!parent.metadata().contains_key("step"));
    assert_eq!(parent.for_call(1), parent);
}

#[test]
fn an_identity_that_is_nobodys_is_refused() {
    let with_user = |id: String| {
        UserExecutionContext::new(ssot_harness::reference::RequestIds {
            user: id.into(),
            ..user("ada")
        })
    };
    let refusals = [
        "",
        "ada ben",
        "unknown_user",
        "default",
        "Anonymous-7f3a9c0d5e",
        "run/none",
    ]
    .map(|id| with_user(id.to_owned()).expect_err(id).to_string());
    assert_eq!(
        refusals,
        [
            "the user id is empty; pass the id that the login gave",
            "the user id has the character ' ', which is not plain text; pass the id that the login gave",
            r#"the user id is a placeholder, for it has the word "unknown"; pass the id that the login gave"#,
            r#"the user id is a placeholder, for it has the word "default"; pass the id that the login gave"#,
            r#"the user id is a placeholder, for it has the word "anonymous"; pass the id that the login gave"#,
            r#"the user id is a placeholder, for it has the word "none"; pass the id that the login gave"#,
        ]
    );
    assert!(with_user("x".repeat(129)).is_err());
    assert!(with_user("x".repeat(128)).is_ok());
    assert!(with_user("nonesuch".to_owned()).is_ok());
}
