//! What a system logs, as something that its users see.

use std::sync::{Arc, Mutex};

use ssot_harness::prelude::*;
use ssot_harness::reference::{Config, EngineFactory as _, ExecutionEngineFactory, Mailbox, Request};
use tokio::task::yield_now;
use tracing::Instrument as _;

use crate::systems::{LONG, kinds};

/// Row 44: a line that was meant for a developer names everybody who is there.
#[derive(Default)]
struct Desk(Mutex<Vec<String>>);

impl Desk {
    async fn serve(&self, card: String) {
        self.0.lock().unwrap().push(card.clone());
        yield_now().await;
        tracing::info!(cards = ?self.0.lock().unwrap(), "serving");
        self.0.lock().unwrap().retain(|other| *other != card);
    }
}

/// The same, logged by a task.
#[derive(Clone, Default)]
struct Office(Arc<Desk>);

impl Office {
    fn serve(&self, card: String) -> impl Future<Output = ()> + Send + 'static {
        let desk = Arc::clone(&self.0);
        async move { desk.serve(card).await }
    }
}

#[track_caller]
fn is_leak_in_logs(verdict: Verdict) {
    let failure = verdict.expect_err("it is found");
    let found: Vec<_> = failure
        .violations()
        .iter()
        .map(|violation| (violation.kind(), violation.surface()))
        .collect();
    assert_eq!(found, [(Kind::ContextLeak, Some(Surface::Log)); 1], "{failure}");
}

fn desk() -> Check<Desk> {
    isolation(async || Desk::default())
        .users(2, async |user: &User, desk: &Desk| {
            let card = user.secret("card");
            user.saw(Surface::Reply, &card);
            desk.serve(card).await;
            Ok(())
        })
        .within(LONG)
        .without_regressions()
}

#[test]
fn a_log_line_that_names_another_user_is_a_leak() {
    let verdict = desk().logs().check();
    assert!(
        !verdict.as_ref().is_err_and(Failure::is_nondeterministic),
        "{verdict:?}"
    );
    is_leak_in_logs(verdict);
}

#[test]
fn logs_are_nobodys_unless_they_are_asked_for() {
    desk().check().unwrap();
}

#[test]
fn a_surface_that_is_not_judged_shows_no_leak() {
    desk().logs().surfaces([Surface::Reply]).check().unwrap();
}

fn office(instrumented: bool) -> Check<Office> {
    isolation(async || Office::default())
        .users(2, async move |user: &User, office: &Office| {
            let card = user.secret("card");
            user.saw(Surface::Reply, &card);
            let serving = office.serve(card);
            if instrumented {
                tokio::spawn(serving.instrument(tracing::info_span!("serve"))).await?;
            } else {
                tokio::spawn(serving).await?;
            }
            Ok(())
        })
        .logs()
        .within(LONG)
        .without_regressions()
}

#[test]
fn an_instrumented_task_logs_for_who_opened_its_span() {
    is_leak_in_logs(office(true).check());
}

#[test]
fn a_task_without_a_span_logs_for_nobody() {
    office(false).check().unwrap();
}

#[test]
fn details_are_not_seen() {
    let verdict = isolation(async || Mutex::new(Vec::new()))
        .users(2, async |user: &User, cards: &Mutex<Vec<String>>| {
            cards.lock().unwrap().push(user.secret("card"));
            user.saw(Surface::Reply, &user.secret("card"));
            yield_now().await;
            tracing::trace!(?cards, "serving");
            Ok(())
        })
        .logs()
        .within(LONG)
        .without_regressions()
        .check();
    verdict.unwrap();
}

/// A user whose secret shows in a log alone has seen it.
#[test]
fn a_user_may_see_its_own_secret_in_a_log() {
    let check = || {
        isolation(async || ())
            .users(2, async |user: &User, (): &()| {
                let span = tracing::info_span!("serve", user = %user.id());
                async {
                    yield_now().await;
                    tracing::debug!(card = user.secret("card"), "charged");
                }
                .instrument(span)
                .await;
                Ok(())
            })
            .within(LONG)
            .without_regressions()
    };
    check().logs().check().unwrap();
    let vacuous = check().check().expect_err("nobody sees a secret");
    assert_eq!(vacuous.kind(), FailureKind::Vacuous, "{vacuous}");
}

#[test]
fn what_is_logged_when_a_call_is_dropped_is_seen_by_its_user() {
    struct Guard<'a>(&'a Mutex<Vec<String>>);
    impl Drop for Guard<'_> {
        fn drop(&mut self) {
            tracing::warn!(cards = ?self.0.lock().unwrap(), "gone away");
        }
    }
    let verdict = isolation(async || Mutex::new(Vec::new()))
        .users(2, async |user: &User, cards: &Mutex<Vec<String>>| {
            user.saw(Surface::Reply, &user.secret("card"));
            cards.lock().unwrap().push(user.secret("card"));
            let guard = Guard(cards);
            yield_now().await;
            std::mem::forget(guard);
            Ok(())
        })
        .logs()
        .within(LONG)
        .without_regressions()
        .check();
    assert_eq!(kinds(verdict), ["context-leak"]);
}

/// No await between, hence for racing threads alone to find: who is served is known to each of them.
#[test]
fn racing_threads_log_for_their_users() {
    let verdict = isolation(async || Mutex::new(String::new()))
        .users(2, async |user: &User, last: &Mutex<String>| {
            user.saw(Surface::Reply, &user.secret("card"));
            *last.lock().unwrap() = user.secret("card");
            std::thread::yield_now();
            tracing::info!(card = *last.lock().unwrap(), "charged");
            Ok(())
        })
        .logs()
        .race(20_000)
        .within(LONG)
        .without_regressions()
        .check();
    is_leak_in_logs(verdict);
}

#[test]
fn the_reference_logs_nothing_of_other_users() {
    let verdict = isolation(async || ExecutionEngineFactory::new(Config::default()))
        .users(2, async |user: &User, factory: &ExecutionEngineFactory| {
            let engine = factory
                .create_for_user(user.context().into(), Arc::new(Mailbox::default()))
                .await?;
            let answer = engine.run(Request::new("billing", user.secret("prompt"))).await?;
            user.saw(Surface::Reply, &answer.text);
            engine.close().await?;
            Ok(())
        })
        .logs()
        .within(LONG)
        .without_regressions()
        .check();
    verdict.unwrap();
}

/// A worker that serves everybody; its events name the user whom it serves, and what it did for the one before.
fn worker(faulty: bool, names: bool) -> Check<tokio::sync::mpsc::Sender<Job>> {
    isolation(async move || {
        let (jobs, mut queue) = tokio::sync::mpsc::channel::<Job>(8);
        tokio::spawn(async move {
            let mut last = String::new();
            while let Some((user, text, done)) = queue.recv().await {
                let before = std::mem::replace(&mut last, text);
                match (faulty, names) {
                    (true, true) => tracing::info!(%user, before, "job done"),
                    (true, false) => tracing::info!(before, "job done"),
                    (false, true) => tracing::info!(%user, "job done"),
                    (false, false) => tracing::info!("job done"),
                }
                done.send(()).unwrap_or(());
            }
        });
        jobs
    })
    .users(2, async |user: &User, jobs: &tokio::sync::mpsc::Sender<Job>| {
        let (done, over) = tokio::sync::oneshot::channel();
        user.saw(Surface::Reply, &user.secret("text"));
        jobs.send((user.id().to_string(), user.secret("text"), done))
            .await?;
        over.await?;
        Ok(())
    })
    .logs()
    .within(LONG)
    .executions(200)
    .without_regressions()
}

type Job = (String, String, tokio::sync::oneshot::Sender<()>);

#[test]
fn an_event_of_a_worker_belongs_to_the_user_whom_it_names() {
    is_leak_in_logs(worker(true, true).check());
    let report = worker(false, true).check().unwrap();
    assert_eq!(report.caveats(), [""; 0]);
}

#[test]
fn a_check_of_logs_that_nobody_is_attributed_says_so() {
    for faulty in [false, true] {
        let report = worker(faulty, false).check().unwrap();
        assert!(
            report.caveats()[0].contains("no log event was attributed"),
            "{report}"
        );
    }
}

/// A desk that logs whatever it is given, each user's own.
#[test]
fn not_even_a_secret_of_ones_own_may_be_logged_where_the_test_says_so() {
    let check = |says: fn(&str) -> String| {
        isolation(async || ())
            .users(2, async move |user: &User, (): &()| {
                let card = user.secret("card");
                user.saw(Surface::Reply, &card);
                yield_now().await;
                tracing::info!(card = %says(&card), "charged");
                Ok(())
            })
            .within(LONG)
            .executions(200)
            .without_regressions()
    };
    let whole: fn(&str) -> String = str::to_owned;
    assert!(
        check(whole).logs().check().is_ok(),
        "a secret of one's own is no leak by itself"
    );
    let failure = check(whole).no_secrets_in_logs().check().unwrap_err();
    let found: Vec<_> = failure
        .violations()
        .iter()
        .map(|violation| (violation.kind(), violation.user(), violation.owner()))
        .collect();
    let own = |name| (Kind::ContextLeak, Some(name), Some(name));
    assert_eq!(found, [own("ada"), own("ben")], "{failure}");
    assert!(
        !failure.to_string().contains("outlives"),
        "a user who is alone sees its own: {failure}"
    );
    assert!(
        failure
            .to_string()
            .contains("what is logged for ada shows ada's secret `card`"),
        "{failure}"
    );
    let hidden: fn(&str) -> String = |card| format!("{}…", &card[..4]);
    assert!(
        check(hidden).no_secrets_in_logs().check().is_ok(),
        "four characters give nothing away"
    );
    let encoded: fn(&str) -> String = |card| data_encoding::BASE64.encode(card.as_bytes());
    assert!(check(encoded).no_secrets_in_logs().check().is_err());
}
