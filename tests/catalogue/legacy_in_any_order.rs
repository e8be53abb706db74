//! The faults that show whatever the order of steps, often with users one after another.

use std::sync::Arc;

use ssot_harness::reference::RequestIds;
use ssot_harness::reference::legacy::{
    AlternatingVariantsFactory, AnswerCacheFactory, BroadcastFallbackFactory, CatchUpFactory,
    DefaultBucketFactory, PrimarySinkFactory, SessionSetterFactory, SharedStateFactory, VerboseErrorFactory,
};
use ssot_harness::reference::{EngineFactory, Mailbox, Model, Request, ScriptedModel};

use crate::by_hand::{engine_for, secret, secret_request, user, visit};

fn model() -> Arc<dyn Model> {
    Arc::new(ScriptedModel::default())
}

/// What somebody received, as text.
fn received(mailbox: &Mailbox) -> String {
    serde_json::to_string(&mailbox.events()).expect("an event is plain data")
}

#[tokio::test(start_paused = true)]
async fn row_01_shared_state_shows_one_users_history_to_the_next() {
    let factory = SharedStateFactory::new(model());
    visit(&factory, "ada").await.expect("the model answers");
    let (bens, _) = visit(&factory, "ben").await.expect("the model answers");
    assert!(bens.text.contains(&secret("ada")), "{}", bens.text);
}

#[tokio::test(start_paused = true)]
async fn row_03_default_bucket_is_shared_by_callers_without_identity() {
    let factory = DefaultBucketFactory::new(model());
    let nobody = RequestIds {
        user: "".into(),
        ..user("nobody")
    };
    let mut answers = Vec::new();
    for name in ["ada", "ben"] {
        let mailbox = Arc::new(Mailbox::default());
        let engine = factory
            .create_for_user(nobody.clone(), mailbox)
            .await
            .expect("anybody is taken");
        answers.push(
            engine
                .run(secret_request(name))
                .await
                .expect("the model answers")
                .text,
        );
    }
    assert!(answers[1].contains(&secret("ada")), "{}", answers[1]);
}

#[tokio::test(start_paused = true)]
async fn row_09_wrong_recipient_is_who_connected_first() {
    let factory = PrimarySinkFactory::new(model());
    let (_adas, first) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (_, second) = visit(&factory, "ben").await.expect("the model answers");
    assert!(received(&first).contains(r#""user_id":"ben""#));
    assert_eq!(second.events(), []);
}

#[tokio::test(start_paused = true)]
async fn row_10_setter_overwrites_all_channels_with_the_newest() {
    let factory = SessionSetterFactory::new(model());
    let (adas, first) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let (_bens, second) = engine_for(&factory, "ben").await.expect("the identity is valid");
    adas.run(secret_request("ada")).await.expect("the model answers");
    assert!(received(&second).contains(&secret("ada")));
    assert_eq!(first.events(), []);
}

#[tokio::test(start_paused = true)]
async fn row_12_broadcast_fallback_sends_a_second_call_to_everyone() {
    let factory = BroadcastFallbackFactory::new(model());
    let (_bens, second) = engine_for(&factory, "ben").await.expect("the identity is valid");
    let (adas, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    adas.run(secret_request("ada")).await.expect("the model answers");
    assert_eq!(second.events(), []);
    adas.run(Request::new("billing", "and now?"))
        .await
        .expect("the model answers");
    assert!(received(&second).contains(&secret("ada")));
}

#[tokio::test(start_paused = true)]
async fn row_19_laundered_payload_is_sent_under_the_recipients_name() {
    let factory = CatchUpFactory::new(model());
    visit(&factory, "ada").await.expect("the model answers");
    let (_bens, second) = engine_for(&factory, "ben").await.expect("the identity is valid");
    assert!(received(&second).contains(&secret("ada")));
    assert!(!second.events().is_empty());
    assert!(
        second
            .events()
            .iter()
            .all(|event| event.user_id == user("ben").user)
    );
}

#[tokio::test(start_paused = true)]
async fn row_40_cache_without_user_gives_one_users_answer_to_the_next() {
    let factory = AnswerCacheFactory::new(model());
    let (adas, _) = visit(&factory, "ada").await.expect("the model answers");
    let (bens, _) = visit(&factory, "ben").await.expect("the cache answers");
    assert_eq!(bens, adas);
}

#[tokio::test(start_paused = true)]
async fn row_44_diagnostics_leak_names_everybody_in_an_error() {
    let factory = VerboseErrorFactory::new(model());
    let (_bens, _) = engine_for(&factory, "ben").await.expect("the identity is valid");
    let (adas, _) = engine_for(&factory, "ada").await.expect("the identity is valid");
    let failed = adas
        .run(Request::new("billing", ""))
        .await
        .expect_err("the prompt is empty")
        .to_string();
    assert!(failed.contains("run-ben"), "{failed}");
}

#[tokio::test(start_paused = true)]
async fn row_51_influence_makes_an_answer_depend_on_others_calls() {
    let (alone, _) = visit(&AlternatingVariantsFactory::new(model()), "ben")
        .await
        .expect("the model answers");
    let factory = AlternatingVariantsFactory::new(model());
    visit(&factory, "ada").await.expect("the model answers");
    let (after_ada, _) = visit(&factory, "ben").await.expect("the model answers");
    assert_eq!(after_ada.text, alone.text.replace("(thorough)", "(brief)"));
    assert_ne!(after_ada.text, alone.text);
}
