//! A failure is run again to note its steps, and what differs then is told.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use ssot_harness::interleave::{Runnable, RuntimeTopology};
use ssot_harness::prelude::*;
use tokio::sync::oneshot;
use tokio::task::yield_now;

use crate::systems::LONG;

/// Whether a failure is nondeterministic that is another from this execution on, and how many executions there were. Which of its tasks
/// runs is known of each step where they have names; else never of all.
fn differs_from(execution: usize, name: Option<&'static str>) -> (bool, usize) {
    let built = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&built);
    let failure = isolation(async move || {
        let number = count.fetch_add(1, Ordering::Relaxed);
        (number >= execution, Arc::new(Mutex::new(String::new())))
    })
    .users(
        2,
        async move |user: &User, (differs, slot): &(bool, Arc<Mutex<String>>)| {
            *slot.lock().unwrap() = user.secret("card");
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
            user.saw(Surface::Reply, &told.await?);
            user.saw(Surface::Row, differs);
            Ok(())
        },
    )
    .layout(RuntimeTopology::One)
    .within(LONG)
    .without_regressions()
    .check()
    .unwrap_err();
    (failure.is_nondeterministic(), built.load(Ordering::Relaxed))
}

#[test]
fn what_differs_only_while_steps_are_noted_is_told() {
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
