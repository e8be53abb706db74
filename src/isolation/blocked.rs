use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::time::Duration;

use super::finding::{Finding, Nondeterminism, Shrinking};
use super::kept::Kept;
use super::search::{Search, Searching};
use super::shared::{Scene, Shared};
use super::subject::Played;
use super::thread::{Stillness, spawn};
use super::{Failure, FailureKind, finish};
use crate::interleave::{Candidate, Decision, Ending, Guided, Run, shrink};
use crate::oracle::Fate;
use crate::trace::Trace;
use crate::user::{IdentityMode, name};

/// Each attempt that blocks costs a thread for ever, and time.
const ATTEMPTS: usize = 16;

/// Tells what is known of a search whose thread is blocked: who was polled, after which decisions.
pub(crate) fn failure(search: &Arc<Search>, shared: &Arc<Shared>) -> Failure {
    let after = search.knobs.blocked_after;
    let scene = shared.scene().filter(|scene| scene.alone.is_none());
    let Some(scene) = scene else {
        return Failure::refused(
            FailureKind::Alone,
            format!("a poll has not returned for {after:?} while the system was built or a user was alone"),
            "look for a blocking call (a lock of `std`, a channel of `std::sync::mpsc`, `thread::sleep`) in async code",
        );
    };
    let decisions = shared.progress.decisions();
    let first = blocked_run(&scene, decisions, shared.progress.preemptions());
    let (tell, told) = channel();
    let search = Arc::clone(search);
    // Not on this thread: it may be inside a runtime, and it must not block.
    let finisher = spawn(move || drop(tell.send(tell_all(&search, &scene, first))));
    match told.recv() {
        Ok(failure) => failure,
        Err(_) => match finisher.join() {
            Err(payload) => std::panic::resume_unwind(payload),
            Ok(()) => unreachable!("a thread that ends without a panic has told"),
        },
    }
}

fn tell_all(search: &Arc<Search>, scene: &Scene, first: Run) -> Failure {
    // Long enough that a busy machine is not taken for a blocked thread.
    let limit = (search.knobs.blocked_after / 2).max(Duration::from_millis(100));
    let mut shrinking = Shrinking {
        attempts: 0,
        preemptions_before: first.preemptions(),
        steps_before: first.decisions().len(),
    };
    let again = attempt(search, scene, first.decisions(), limit);
    let mut best = first;
    let nondeterminism = again.is_none().then(|| Nondeterminism {
        step: best.decisions().len(),
        difference: "the poll that blocked its thread returned when the same schedule was run again"
            .to_owned(),
        failed_again: false,
    });
    if nondeterminism.is_none() {
        (best, shrinking.attempts) = shrink(best, ATTEMPTS, |list| attempt(search, scene, list, limit));
    }
    let shared = Shared::new();
    let mut searching = Searching::new(search, &shared);
    let played = Played {
        used_threads: false,
        restless: false,
        fates: vec![Fate::Unfinished; scene.subject.users()],
        trace: Trace::new(Vec::new(), Vec::new()),
        residue: None,
        run: best,
    };
    let violations = match searching.ward(&scene.subject, scene.world) {
        Ok(ward) => ward.judge(&played),
        Err(failure) => return failure,
    };
    searching.summary.executions = scene.executions;
    let schedule = played.run.schedule(scene.world);
    let replay = Kept::text(&schedule, scene.subject.inputs().as_deref());
    let mut caveats =
        vec!["the blocked threads are given up, and keep what they hold until the process ends".to_owned()];
    let kept = finish::keep(&searching, &replay).unwrap_or_else(|caveat| {
        caveats.push(caveat);
        None
    });
    searching.close_summary();
    Failure::found(Finding {
        violations,
        run: played.run,
        schedule,
        trace: played.trace,
        names: (0..scene.subject.users()).map(name).collect(),
        identities: IdentityMode::of_world(scene.world).to_string(),
        search: searching.summary,
        found_by: scene.found_by.to_owned(),
        shrinking,
        nondeterminism,
        best_effort: search.knobs.real_io,
        inputs: scene.subject.lines(),
        replay,
        test: search.test.clone(),
        kept,
        caveats,
        left_out: Vec::new(),
    })
}

/// Runs a list of decisions on a thread that can be given up. The execution, where it blocks.
fn attempt(search: &Arc<Search>, scene: &Scene, list: &[Decision], limit: Duration) -> Option<Run> {
    let shared = Shared::new();
    let (tell, told) = channel();
    {
        let (search, shared, scene, list) = (
            Arc::clone(search),
            Arc::clone(&shared),
            scene.clone(),
            list.to_vec(),
        );
        drop(spawn(move || {
            let mut searching = Searching::new(&search, &shared);
            let mut guided = Guided::new(&list);
            let played = searching.play(
                &scene.subject,
                scene.world,
                scene.layout,
                &mut guided,
                "shrinking",
                scene.executions,
            );
            // Where this attempt was given up, nobody listens.
            let _: Result<_, _> = tell.send(played.is_ok());
        }));
    }
    let mut stillness = Stillness::new(&shared);
    loop {
        match told.recv_timeout(Duration::from_millis(5)) {
            Ok(_) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if stillness.lasts(&shared) > limit => {
                return Some(blocked_run(
                    scene,
                    shared.progress.decisions(),
                    shared.progress.preemptions(),
                ));
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn blocked_run(scene: &Scene, decisions: Vec<Decision>, preemptions: u32) -> Run {
    let users = scene.subject.users();
    let candidate = decisions.last().copied().and_then(Candidate::of);
    let mut polls = vec![0; users];
    let mut dropped = vec![false; users];
    for decision in &decisions {
        match *decision {
            Decision::Run { actor } | Decision::RunWithin { actor, .. } if actor < users => polls[actor] += 1,
            Decision::Drop { actor } if actor < users => dropped[actor] = true,
            _ => {}
        }
    }
    Run {
        layout: scene.layout,
        ending: Ending::Blocked { candidate },
        decisions,
        preemptions,
        polls,
        dropped,
        finished: vec![false; users],
        panics: Vec::new(),
        most_tasks: 0,
        fair_from: None,
        times: Vec::new(),
    }
}
