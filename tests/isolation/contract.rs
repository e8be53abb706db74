//! The programs of the design, as they are written there.

use std::collections::BTreeMap;
use std::sync::Arc;

use proptest::prelude::*;
use serde::{Deserialize, Serialize};
use ssot_harness::interleave::Decision;
use ssot_harness::prelude::*;
use tokio::sync::Mutex;
use tokio::task::yield_now;

/// A chat service that keeps its users apart.
#[derive(Debug, Default)]
struct Chat {
    rooms: Mutex<BTreeMap<String, Vec<String>>>,
}

impl Chat {
    fn new() -> Self {
        Self::default()
    }

    async fn ask(&self, user: &str, question: &str) -> Result<String, std::io::Error> {
        let mut rooms = self.rooms.lock().await;
        let room = rooms.entry(user.to_owned()).or_default();
        room.push(question.to_owned());
        let turn = room.len();
        drop(rooms);
        yield_now().await;
        Ok(format!("answer {turn} to {question}"))
    }

    async fn forget(&self, user: &str) {
        self.rooms.lock().await.remove(user);
        yield_now().await;
    }
}

mod a_script_for_each_user {
    use super::*;

    #[test]
    fn answers_stay_with_their_user() -> Verdict {
        isolation(async || Chat::new()) // a fresh system for every execution
            .users(3, async |user: &User, chat: &Chat| {
                let answer = chat.ask(user.id(), &user.secret("card")).await?;
                user.saw(Surface::Reply, &answer); // anything Serialize
                Ok(())
            })
            .check()
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum ChatAction {
    Ask(String),
    Forget,
}

fn chat_action(user: &User) -> impl Strategy<Value = ChatAction> + use<> {
    prop_oneof![
        3 => Just(ChatAction::Ask(user.secret("card"))),
        1 => "[a-z]{1,8}".prop_map(ChatAction::Ask),
        1 => Just(ChatAction::Forget),
    ]
}

impl Action<Chat> for ChatAction {
    async fn act(self, user: &User, chat: &Chat) -> ScriptResult {
        match self {
            Self::Ask(question) => user.saw(Surface::Reply, &chat.ask(user.id(), &question).await?),
            Self::Forget => chat.forget(user.id()).await,
        }
        Ok(())
    }
}

mod generated_actions {
    use super::*;

    #[test]
    fn whatever_users_do_answers_stay_theirs() -> Verdict {
        isolation(async || Chat::new())
            .generated(
                2..=4,
                |user: &User| proptest::collection::vec(chat_action(user), 1..=6),
                async |user: &User, chat: &Chat, action: ChatAction| action.act(user, chat).await,
            )
            .check()
    }

    fn actions(user: &User) -> impl Strategy<Value = Vec<ChatAction>> + use<> {
        let asks = Just(ChatAction::Ask(user.secret("card")));
        (asks, proptest::collection::vec(chat_action(user), 0..=3)).prop_map(|(ask, mut rest)| {
            rest.insert(0, ask);
            rest
        })
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn a_plan_is_a_strategy(p in plan(2..=4, actions)) {
            isolation(async || Chat::new()).plan(p).executions(200).check()?;
        }
    }
}

/// A chat service that answers from the room that was asked in last.
#[derive(Debug, Default)]
struct Leaky {
    chat: Chat,
    last: Mutex<String>,
}

impl Leaky {
    async fn ask(&self, user: &str, question: &str) -> Result<String, std::io::Error> {
        user.clone_into(&mut *self.last.lock().await);
        self.chat.ask(user, question).await?;
        let last = self.last.lock().await.clone();
        let rooms = self.chat.rooms.lock().await;
        Ok(rooms
            .get(&last)
            .and_then(|room| room.last())
            .cloned()
            .unwrap_or_default())
    }
}

fn is_send_and_sync<T: Send + Sync + 'static>() {}

/// Knobs, each with a default; a failure, with its accessors.
#[test]
fn every_knob_and_every_accessor_is_there() {
    let secrets = async |user: &User, chat: &Leaky| {
        let observer = user.observer();
        let _: &UserContext = user.context();
        let texts = [
            user.secret("card"),
            user.secret_email("home"),
            user.secret_uuid("key"),
        ];
        observer.saw(Surface::Row, &user.secret_number("balance"));
        let answer = chat.ask(user.id(), &texts.join(" ")).await?;
        user.saw(Surface::Reply, &answer);
        Ok(())
    };
    let check = || {
        isolation(async || Leaky::default())
            .users(3, secrets)
            .without_regressions()
    };
    let failure = check()
        .executions(2_000)
        .within(std::time::Duration::from_secs(30))
        .preemptions(2)
        .cancellations(1)
        .seed(7)
        .race(0)
        .surfaces([Surface::Reply, Surface::Row])
        .allow(|observation| observation.surface() == Surface::Metric)
        .check()
        .expect_err("the last room is anybody's");
    let violation = &failure.violations()[0];
    assert_eq!(violation.kind(), Kind::ContextLeak);
    assert_eq!(violation.kind().to_string(), "context-leak");
    assert_eq!(violation.surface(), Some(Surface::Reply));
    assert_ne!(violation.user(), violation.owner());
    assert!(failure.executions() > 0);
    assert_eq!(failure.preemptions(), Some(1), "{failure}");
    let schedule = failure.schedule().expect("a violation has one").clone();
    assert!(schedule.decisions().contains(&Decision::Run { actor: 0 }));
    let again = check()
        .replay(schedule.to_string())
        .check()
        .expect_err("it replays");
    assert_eq!(again.executions(), 1);
    assert_eq!(again.schedule(), Some(&schedule));
    assert_eq!(format!("{again}"), format!("{again:?}"), "`Debug` is the report");

    let passed = check()
        .shared(|observation, _| observation.surface() == Surface::Reply)
        .without_solo_comparison()
        .check()
        .unwrap();
    assert_eq!(passed.executions(), 4_000);
    assert!(passed.certificate().is_some());

    is_send_and_sync::<Failure>();
    is_send_and_sync::<Report>();
    is_send_and_sync::<Arc<dyn std::error::Error + Send + Sync>>();
}

/// Inputs shrink with their strategies, after the schedule has.
#[test]
fn generated_inputs_shrink() {
    let failure = isolation(async || Leaky::default())
        .generated(
            2..=4,
            |user: &User| proptest::collection::vec(chat_action(user), 1..=6),
            async |user: &User, chat: &Leaky, action: ChatAction| {
                match action {
                    ChatAction::Ask(question) => {
                        user.saw(Surface::Reply, &chat.ask(user.id(), &question).await?);
                    }
                    ChatAction::Forget => chat.chat.forget(user.id()).await,
                }
                Ok(())
            },
        )
        .without_regressions()
        .check()
        .expect_err("the last room is anybody's");
    let (_, inputs) = failure
        .replay_text()
        .unwrap()
        .split_once('|')
        .expect("inputs come with the schedule");
    let inputs: serde_json::Value = serde_json::from_str(inputs).unwrap();
    let inputs: Vec<Vec<ChatAction>> = serde_json::from_value(inputs["actions"].clone()).unwrap();
    assert_eq!(inputs.len(), 2, "{failure}");
    assert!(inputs.iter().map(Vec::len).sum::<usize>() <= 3, "{failure}");
}

/// `proptest!` sees the failure and shrinks the plan, without a panic in between.
#[test]
fn a_plan_shrinks_inside_proptest() {
    use proptest::test_runner::{Config, TestError, TestRunner};

    let config = Config {
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new_with_rng(
        config,
        proptest::test_runner::TestRng::deterministic_rng(proptest::test_runner::RngAlgorithm::ChaCha),
    );
    let plans = plan(2..=4, |user: &User| {
        proptest::collection::vec(chat_action(user), 1..=6)
    });
    let outcome = runner.run(&plans, |p| {
        isolation(async || Leaky::default())
            .plan_with(p, async |user: &User, chat: &Leaky, action: ChatAction| {
                if let ChatAction::Ask(question) = action {
                    user.saw(Surface::Reply, &user.secret("card"));
                    user.saw(Surface::Reply, &chat.ask(user.id(), &question).await?);
                }
                Ok(())
            })
            .executions(300)
            .without_regressions()
            .check()
            .map(drop)
            .or_else(|failure| match failure.kind() {
                FailureKind::Violation => Err(failure.into()),
                _ => Ok(()),
            })
    });
    let Err(TestError::Fail(reason, plan)) = outcome else {
        panic!("{outcome:?}")
    };
    assert!(reason.message().contains("context-leak"), "{reason}");
    assert_eq!(plan.users(), 2);
    assert!(
        plan.actions().iter().map(Vec::len).sum::<usize>() <= 3,
        "{plan:?}"
    );
}

#[test]
fn a_plan_keeps_as_many_users_as_it_must_have() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;

    let plans = plan(3..=5, |user: &User| {
        proptest::collection::vec(chat_action(user), 0..=2)
    });
    let mut runner = TestRunner::deterministic();
    let mut fewest = usize::MAX;
    for _ in 0..10 {
        let mut tree = plans.new_tree(&mut runner).unwrap();
        let users = tree.current().users();
        if users > 3 {
            assert!(tree.simplify() && tree.current().users() == users - 1);
            assert!(tree.complicate() && tree.current().users() == users);
            tree = plans.new_tree(&mut runner).unwrap();
        }
        while tree.simplify() {}
        fewest = fewest.min(tree.current().users());
    }
    assert_eq!(fewest, 3);
}
