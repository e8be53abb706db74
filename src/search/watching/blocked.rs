use std::sync::mpsc::{RecvTimeoutError, channel};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use super::thread_state::{ThreadId, looked_at};
use crate::interleave::{Decision, Ending, Guided, Run, Runnable, StepNotes, shrink};
use crate::oracle::ScriptOutcome;
use crate::report::{Caveat, Finding, FoundBy, Nondeterminism, Phase, Shrinking, ThreadState};
use crate::report::{Failure, FailureKind};
use crate::search::explorer::{CheckPlan, Explorer};
use crate::search::finish;
use crate::search::reproducer::Reproducer;
use crate::search::shared::{CurrentExecution, Shared};
use crate::search::target::ExecutionRecord;
use crate::search::thread::{Stillness, spawn};
use crate::trace::Trace;
use crate::user::{IdentityMode, name};

/// Each attempt that blocks costs a thread for ever, and time.
const ATTEMPTS: usize = 16;

/// Tells what is known of a search whose thread is blocked: who was polled, after which decisions.
pub(crate) fn failure(search: &Arc<CheckPlan>, shared: &Arc<Shared>) -> Failure {
    let after = search.config.blocked_after;
    let current = shared.current().filter(|current| current.alone.is_none());
    let Some(current) = current else {
        return Failure::refused(
            FailureKind::Alone,
            format!("a poll has not returned for {after:?} while the system was built or a user was alone"),
            "look for a blocking call (a lock of `std`, a channel of `std::sync::mpsc`, `thread::sleep`) in async code",
        );
    };
    let decisions = shared.progress.decisions();
    let first = blocked_run(&current, decisions, shared.progress.preemptions());
    let (tell, told) = channel();
    let search = Arc::clone(search);
    // Not on this thread: it may be inside a runtime, and it must not block.
    let finisher = spawn(move || drop(tell.send(tell_all(&search, &current, first))));
    match told.recv() {
        Ok(failure) => failure,
        Err(_) => match finisher.join() {
            Err(payload) => std::panic::resume_unwind(payload),
            Ok(()) => unreachable!("a thread that ends without a panic has told"),
        },
    }
}

fn tell_all(search: &Arc<CheckPlan>, current: &CurrentExecution, first: Run) -> Failure {
    // Long enough that a busy machine is not taken for a blocked thread.
    let limit = (search.config.blocked_after / 2).max(Duration::from_millis(100));
    let mut shrinking = Shrinking {
        attempts: 0,
        preemptions_before: first.preemptions(),
        steps_before: first.decisions().len(),
    };
    let again = attempt(search, current, first.decisions(), limit);
    let mut best = first;
    let nondeterminism = again.is_none().then(|| Nondeterminism {
        step: best.decisions().len(),
        difference: "the poll that blocked its thread returned when the same schedule was run again"
            .to_owned(),
        failed_again: false,
    });
    let mut found: Vec<_> = again.into_iter().collect();
    if nondeterminism.is_none() {
        let shrunk = shrink(best, ATTEMPTS, |list| {
            let standstill = attempt(search, current, list, limit)?;
            let run = standstill.run.clone();
            found.push(standstill);
            Some(run)
        });
        (best, shrinking.attempts) = shrunk;
    }
    let found = found.into_iter().rev();
    let mut found = found.filter(|other| other.run.decisions() == best.decisions());
    let (steps, blocked) = found
        .next()
        .map_or((None, None), |found| (Some(found.steps), found.state));
    let shared = Shared::new();
    let mut searching = Explorer::new(search, &shared);
    let record = ExecutionRecord {
        used_threads: false,
        restless: false,
        script_outcomes: vec![ScriptOutcome::Unfinished; current.target.users()],
        trace: Trace::new(Vec::new(), Vec::new()),
        residue: None,
        broken: Vec::new(),
        run: best,
    };
    let (violations, solo) = match searching.baseline(&current.target, current.identity_seed) {
        Ok(baseline) => (baseline.judge(&record), baseline.seen_alone.clone()),
        Err(failure) => return failure,
    };
    searching.summary.executions = current.executions;
    let schedule = record.run.schedule(current.identity_seed);
    let replay = Reproducer::text(&schedule, current.target.inputs().as_deref());
    let mut caveats = vec![Caveat::ThreadsGivenUp];
    let kept = finish::keep(&searching, &replay).unwrap_or_else(|caveat| {
        caveats.push(caveat);
        None
    });
    searching.close_summary();
    Failure::found(Finding {
        violations,
        run: record.run,
        steps,
        blocked,
        schedule,
        trace: record.trace,
        solo,
        names: (0..current.target.users()).map(name).collect(),
        identities: IdentityMode::of_identity_seed(current.identity_seed),
        search: searching.summary,
        found_by: FoundBy::Phase(current.phase),
        shrinking,
        nondeterminism,
        best_effort: search.config.real_io,
        inputs: current.target.lines(),
        replay,
        test: search.test.clone(),
        kept,
        caveats,
        left_out: Vec::new(),
    })
}

/// An execution with a poll that does not return.
struct Standstill {
    run: Run,
    steps: StepNotes,
    state: Option<ThreadState>,
}

/// Runs a list of decisions on a thread that can be given up. The execution, where it blocks.
fn attempt(
    search: &Arc<CheckPlan>,
    current: &CurrentExecution,
    list: &[Decision],
    limit: Duration,
) -> Option<Standstill> {
    let shared = Shared::new();
    let (thread, notes) = (Arc::new(OnceLock::new()), Arc::new(OnceLock::new()));
    let (tell, told) = channel();
    {
        let (search, shared, current, list) = (
            Arc::clone(search),
            Arc::clone(&shared),
            current.clone(),
            list.to_vec(),
        );
        let (thread, notes) = (Arc::clone(&thread), Arc::clone(&notes));
        drop(spawn(move || {
            thread.get_or_init(ThreadId::here);
            let mut searching = Explorer::new(&search, &shared);
            // Solo runs come first, and are not what is noted.
            if searching.baseline(&current.target, current.identity_seed).is_ok() {
                notes.get_or_init(|| searching.driver.note_steps(None));
            }
            let mut guided = Guided::new(&list);
            let record = searching.play(
                &current.target,
                current.identity_seed,
                current.topology,
                &mut guided,
                Phase::Shrinking,
                current.executions,
            );
            // Where this attempt was given up, nobody listens.
            let _: Result<_, _> = tell.send(record.is_ok());
        }));
    }
    let mut stillness = Stillness::new(&shared);
    loop {
        match told.recv_timeout(Duration::from_millis(5)) {
            Ok(_) | Err(RecvTimeoutError::Disconnected) => return None,
            Err(RecvTimeoutError::Timeout) if stillness.lasts(&shared) > limit => {
                let run = blocked_run(
                    current,
                    shared.progress.decisions(),
                    shared.progress.preemptions(),
                );
                return Some(Standstill {
                    steps: notes.get().map(|notes| notes.so_far()).unwrap_or_default(),
                    state: thread.get().copied().and_then(looked_at),
                    run,
                });
            }
            Err(RecvTimeoutError::Timeout) => {}
        }
    }
}

fn blocked_run(
    current: &CurrentExecution,
    decisions: Vec<Decision>,
    preempted: Vec<(usize, Runnable)>,
) -> Run {
    let users = current.target.users();
    let runnable = decisions.last().copied().and_then(Runnable::of);
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
        topology: current.topology,
        ending: Ending::Blocked { runnable },
        decisions,
        preempted,
        polls,
        dropped,
        finished: vec![false; users],
        panics: Vec::new(),
        most_tasks: 0,
        fair_from: None,
        times: Vec::new(),
        wake_ups: 0,
    }
}
