//! A failure is run again to note its steps, and what differs then is told.

use std::future::pending;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ssot_harness::interleave::{Runnable, RuntimeTopology};
use ssot_harness::prelude::*;
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::systems::LONG;

/// What is wrong with an execution whose users came upon each other.
#[derive(Clone, Copy)]
enum Fault {
    /// They see each other's cards, and from this execution on something else, too.
    Leak { differs_from: usize },
    /// They wait for ever.
    Deadlock,
}

/// The failure, and how many executions there were. Which of its tasks runs is known of each step where they have names; else never of
/// all.
fn failure(fault: Fault, name: Option<&'static str>) -> (Failure, usize) {
    let built = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&built);
    let failure = isolation(async move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        (number, Arc::new(Mutex::new(String::new())))
    })
    .users(
        2,
        async move |user: &User, (number, slot): &(usize, Arc<Mutex<String>>)| {
            let card = user.secret("card");
            slot.lock().unwrap().clone_from(&card);
            let (tell, told) = oneshot::channel();
            let slot = Arc::clone(slot);
            let answer = async move {
                // Its second poll shows nothing of it.
                yield_now().await;
                yield_now().await;
                drop(tell.send(slot.lock().unwrap().clone()));
            };
            match name {
                Some(name) => drop(tokio::spawn(Runnable::named(name, answer))),
                None => drop(tokio::spawn(answer)),
            }
            let answer = told.await?;
            match fault {
                Fault::Leak { differs_from } => {
                    user.saw(Surface::Reply, &answer);
                    user.saw(Surface::Row, &(*number >= differs_from));
                }
                Fault::Deadlock => {
                    user.saw(Surface::Event, &card);
                    if answer != card {
                        pending::<()>().await;
                    }
                }
            }
            Ok(())
        },
    )
    .layout(RuntimeTopology::One)
    .within(LONG)
    .without_regressions()
    .check()
    .unwrap_err();
    (failure, built.load(Ordering::Relaxed))
}

#[test]
fn what_differs_only_while_steps_are_noted_is_told() {
    let differs_from = |differs_from: usize, name| {
        let (failure, executions) = failure(Fault::Leak { differs_from }, name);
        (failure.is_nondeterministic(), executions)
    };
    let (differs, executions) = differs_from(usize::MAX, Some("answerer"));
    assert!(!differs);
    let (differs, more) = differs_from(usize::MAX, None);
    assert!(!differs);
    assert!(more > executions, "it is run again to note its steps");
    assert!(
        differs_from(executions - 1, None).0,
        "the last of those that are run anyway"
    );
    assert!(
        differs_from(executions, None).0,
        "the first that is run to note its steps"
    );
}

/// To believe one takes real time.
#[test]
fn a_deadlock_is_not_run_again_to_note_its_steps() {
    let (named, executions) = failure(Fault::Deadlock, Some("answerer"));
    assert_eq!(named.violations()[0].kind(), Kind::Hang, "{named}");
    assert_eq!(failure(Fault::Deadlock, None).1, executions);
}
