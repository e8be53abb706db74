//! What tests get as their arguments.

use std::panic::catch_unwind;
use std::sync::Arc;

use rstest::rstest;
use ssot_harness::case::Metrics;
use ssot_harness::fixtures::{
    CaseTrace, UserSink, event_sink, legacy, reference_factory, trace, user, users,
};
use ssot_harness::prelude::*;
use ssot_harness::reference::events::{Event, EventKind};
use ssot_harness::reference::legacy::Legacy;
use ssot_harness::reference::{
    Answer, CreateError, EngineFactory, EventSink, ExecutionEngine, ExecutionEngineFactory, Live, Request,
    RunError,
};

/// Creates an engine for a user who asks about a card, and closes it again.
async fn visit(
    factory: &dyn EngineFactory,
    user: &User,
    sink: Arc<dyn EventSink>,
) -> Result<Answer, CaseError> {
    let engine = factory.create_for_user(user.context().into(), sink).await?;
    let answer = engine.run(Request::new("billing", user.secret("card"))).await?;
    engine.close().await?;
    Ok(answer)
}

#[rstest]
#[ssot_harness::test]
fn the_user_is_the_cases_first(user: User) {
    let [ada] = Case::current().users();
    assert_eq!(user.context(), ada.context());
    assert_eq!(user.secret("card"), ada.secret("card"));
}

#[rstest]
#[ssot_harness::test]
fn the_users_are_the_cases_first_two(user: User, users: Vec<User>, #[ignore] case: &Case) {
    let contexts = |users: &[User]| {
        users
            .iter()
            .map(|user| user.context().clone())
            .collect::<Vec<_>>()
    };
    assert_eq!(contexts(&users), contexts(&case.users::<2>()));
    assert_eq!(user.context(), users[0].context());
}

#[rstest]
#[case::nobody(0)]
#[case::a_few(5)]
#[ssot_harness::test]
async fn as_many_users_as_asked_for(
    #[case] n: usize,
    #[with(3)] users: Vec<User>,
    #[with(n)]
    #[from(users)]
    others: Vec<User>,
) {
    tokio::task::yield_now().await;
    assert_eq!((users.len(), others.len()), (3, n));
}

#[rstest]
#[ssot_harness::test(start_paused = true)]
async fn a_sink_shows_its_user_the_events_and_the_case_counts_them(
    user: User,
    event_sink: Arc<UserSink>,
    reference_factory: Arc<ExecutionEngineFactory>,
    trace: CaseTrace,
    #[ignore] case: &Case,
) -> CaseResult {
    let answer = visit(&*reference_factory, &user, event_sink.clone()).await?;
    let events = event_sink.events();
    assert_eq!(events.last().map(Event::kind), Some(EventKind::AgentCompleted));
    assert!(events.iter().all(|event| event.run_id == answer.run_id));
    assert_eq!(case.metrics().get(Metrics::EVENTS), 7);
    let seen: Vec<Event> = trace
        .now()
        .of(&user)
        .map(|seen| serde_json::from_str(seen.text()))
        .collect::<Result<_, _>>()?;
    assert_eq!(seen, events);
    Ok(())
}

#[rstest]
#[ssot_harness::test(start_paused = true)]
async fn everybody_may_have_a_sink(
    users: Vec<User>,
    event_sink: Arc<UserSink>,
    #[from(event_sink)]
    #[with(users[1].clone())]
    bens: Arc<UserSink>,
    reference_factory: Arc<ExecutionEngineFactory>,
    trace: CaseTrace,
) -> CaseResult {
    visit(&*reference_factory, &users[1], bens.clone()).await?;
    assert_eq!((event_sink.events().len(), bens.events().len()), (0, 7));
    let trace = trace.now();
    assert_eq!([&users[0], &users[1]].map(|user| trace.of(user).count()), [0, 7]);
    Ok(())
}

#[rstest]
#[ssot_harness::test(start_paused = true)]
async fn calls_of_the_reference_factorys_model_are_counted(
    user: User,
    event_sink: Arc<UserSink>,
    reference_factory: Arc<ExecutionEngineFactory>,
    #[ignore] case: &Case,
) -> CaseResult {
    for calls in 1..=3 {
        visit(&*reference_factory, &user, event_sink.clone()).await?;
        assert_eq!(case.metrics().get(Metrics::MODEL_CALLS), calls);
    }
    Ok(())
}

/// An engine that a test leaves open. It is looked at after the clean-ups, which come before a tear-down.
struct Forgotten {
    engine: Option<Arc<dyn ExecutionEngine>>,
}

#[async_trait]
impl SsotAsyncTestCase for Forgotten {
    async fn set_up(_case: &Case) -> CaseResult<Self> {
        Ok(Self { engine: None })
    }

    async fn tear_down(self, _case: &Case) -> CaseResult {
        let engine = self.engine.expect("the body has left it");
        let refused = engine.run(Request::new("billing", "and now?")).await;
        assert_eq!(refused, Err(RunError::Closed));
        Ok(())
    }
}

#[rstest]
#[ssot_harness::test(start_paused = true)]
async fn an_engine_that_is_forgotten_is_closed_at_the_end(
    #[ignore] forgotten: &mut Forgotten,
    user: User,
    event_sink: Arc<UserSink>,
    reference_factory: Arc<ExecutionEngineFactory>,
) -> CaseResult {
    let engine = reference_factory
        .create_for_user(user.context().into(), event_sink)
        .await?;
    engine.run(Request::new("billing", user.secret("card"))).await?;
    forgotten.engine = Some(engine);
    Ok(())
}

#[rstest]
#[ssot_harness::test]
async fn a_test_may_shut_the_factory_down_by_itself(
    user: User,
    event_sink: Arc<UserSink>,
    reference_factory: Arc<ExecutionEngineFactory>,
) -> CaseResult {
    reference_factory.shutdown().await?;
    let refused = reference_factory
        .create_for_user(user.context().into(), event_sink)
        .await;
    assert_eq!(refused.err(), Some(CreateError::ShutDown));
    Ok(())
}

#[rstest]
#[ssot_harness::test]
fn a_trace_is_read_whenever_the_test_likes(user: User, trace: CaseTrace) {
    let before = trace.now();
    user.saw(Surface::Reply, "42");
    let texts = |trace: &ssot_harness::trace::Trace| {
        trace
            .of(&user)
            .map(|seen| seen.text().to_owned())
            .collect::<Vec<_>>()
    };
    assert!(before.observations().is_empty());
    assert_eq!(texts(&trace.now()), [r#""42""#]);
    assert_eq!(texts(&trace.clone().now()), [r#""42""#]);
}

#[rstest]
#[ssot_harness::test(start_paused = true)]
async fn a_legacy_engine_that_is_not_named_shares_its_state(
    users: Vec<User>,
    legacy: Arc<dyn EngineFactory>,
    #[ignore] case: &Case,
) -> CaseResult {
    let [ada, ben] = &users[..] else {
        panic!("there are two")
    };
    visit(&*legacy, ada, Arc::new(UserSink::new(ada))).await?;
    let bens = visit(&*legacy, ben, Arc::new(UserSink::new(ben))).await?;
    assert!(bens.text.contains(&ada.secret("card")), "{}", bens.text);
    assert_eq!(case.metrics().get(Metrics::MODEL_CALLS), 2);
    Ok(())
}

#[rstest]
#[ssot_harness::test(start_paused = true)]
async fn a_legacy_engine_may_be_named(
    users: Vec<User>,
    #[with(Legacy::CacheWithoutUser)] legacy: Arc<dyn EngineFactory>,
) -> CaseResult {
    let [ada, ben] = &users[..] else {
        panic!("there are two")
    };
    let adas = visit(&*legacy, ada, Arc::new(UserSink::new(ada))).await?;
    let bens = visit(&*legacy, ben, Arc::new(UserSink::new(ben))).await?;
    assert_eq!(adas.text, bens.text);
    Ok(())
}

ssot_harness::every_legacy! {
    #[ssot_harness::test(start_paused = true)]
    async fn every_legacy_engine_answers_a_user_alone(
        #[case] which: Legacy,
        #[with(which)] legacy: Arc<dyn EngineFactory>,
        user: User,
        event_sink: Arc<UserSink>,
    ) -> CaseResult {
        let answer = visit(&*legacy, &user, event_sink.clone()).await?;
        assert!(answer.text.contains(&user.secret("card")), "{which}: {}", answer.text);
        assert!(!event_sink.events().is_empty(), "{which}");
        Ok(())
    }

    #[ssot_harness::test]
    fn every_legacy_engine_has_a_test_that_is_named_after_it(#[case] which: Legacy) {
        let place = Legacy::ALL.iter().position(|&legacy| legacy == which).expect("it is one of them") + 1;
        let case = format!("case_{place:02}_{}", which.slug().replace('-', "_"));
        let test = "fixtures::every_legacy_engine_has_a_test_that_is_named_after_it";
        assert_eq!(Case::current().name(), format!("{test}::{case}"));
    }

    #[test]
    fn every_legacy_engine_may_be_tested_without_the_harness(#[case] which: Legacy) {
        assert_eq!(which.factory().live(), Live::default());
    }
}

#[test]
fn outside_of_a_test_of_the_harness_a_fixture_says_what_is_missing() {
    let said = [
        catch_unwind(|| drop(user())),
        catch_unwind(|| drop(users(2))),
        catch_unwind(|| drop(trace())),
        catch_unwind(|| drop(reference_factory())),
        catch_unwind(|| drop(legacy(Legacy::SharedState))),
    ]
    .map(|panicked| *panicked.unwrap_err().downcast::<String>().expect("it says why"));
    for said in said {
        assert!(
            said.contains("give the test the attribute #[ssot_harness::test]"),
            "{said}"
        );
    }
}

#[rstest]
#[should_panic(expected = "give the test the attribute #[ssot_harness::test]")]
fn a_test_without_the_attribute_has_no_fixtures(event_sink: Arc<UserSink>) {
    drop(event_sink);
}
