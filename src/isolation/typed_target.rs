use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use serde_json::Value;

#[cfg(feature = "postgres")]
use super::beside::{Beside, CheckOut};
use super::inspect::Inspect;
use super::invariant::Invariant;
use super::scenario::{Outcome, Scenario};
use super::served::Served;
use super::source::{Local, Source, chain};
use crate::interleave::{Actor, Decision, Driver, Ending, Panic, Race, Run, Session, Strategy, race};
use crate::logs::name_users;
use crate::oracle::{BrokenInvariant, Residue, ScriptOutcome};
use crate::search::{Broken, Caller, ExecutionRecord, Setting, Target};
use crate::trace::{Recorder, User};
use crate::user::Population;

/// How long, in virtual time, tasks that the system left behind may go on after its users, and how many moves of the
/// clock that may take: what they still deliver belongs to the execution.
const AFTERMATH: (Duration, usize) = (Duration::from_secs(60), 100);

/// Runs the actors of an execution, on one thread or on several.
pub(crate) type Racing<S> = fn(&TypedTarget<S>, &mut Session<'_>, &[ActorSpec<'_>], &S, Race) -> Run;

/// What one actor is made of.
pub(crate) struct ActorSpec<'a> {
    user: &'a User,
    outcome: &'a Outcome,
    logs: bool,
}

/// The [`Target`] of a system of type `S`.
pub(crate) struct TypedTarget<S> {
    pub(crate) source: Arc<dyn Source<S>>,
    pub(crate) scenario: Arc<dyn Scenario<S>>,
    pub(crate) inspect: Option<Arc<dyn Inspect<S>>>,
    pub(crate) invariants: Arc<[Invariant<S>]>,
    pub(crate) racing: Option<Racing<S>>,
    #[cfg(feature = "postgres")]
    pub(crate) beside: Option<Arc<dyn Beside>>,
    #[cfg(feature = "postgres")]
    pub(crate) check_out: Option<Arc<dyn CheckOut<S>>>,
}

impl<S: 'static> TypedTarget<S> {
    fn act(
        &self,
        driver: &mut Driver,
        setting: Setting<'_>,
        run: impl FnOnce(&mut Session<'_>, &[ActorSpec<'_>], &S) -> Run,
    ) -> Result<ExecutionRecord, Broken> {
        let now = driver.now();
        let has_sockets = driver.has_sockets();
        let mut session = if setting.real_io {
            driver.real_session()
        } else {
            driver.session(setting.topology)
        };
        #[cfg(feature = "postgres")]
        if let Some(beside) = &self.beside {
            beside.begin();
        }
        let system = match session.alone(self.source.build()) {
            Ok(Ok(system)) => system,
            Ok(Err(error)) => return Err(Broken::Error(chain(&*error))),
            Err(ending) => return Err(Broken::Ended(ending)),
        };
        #[cfg(feature = "postgres")]
        if let Some(beside) = &self.beside {
            beside.built();
        }
        let before = self.ask(&mut session, &system)?;
        now.store(0, Ordering::Relaxed);
        let recorder = Recorder::of_execution(now, has_sockets);
        let users: Vec<User> = match setting.alone {
            Some(user) => vec![User::new(Arc::clone(setting.population), user, &recorder)],
            None => (0..self.scenario.users())
                .map(|user| User::new(Arc::clone(setting.population), user, &recorder))
                .collect(),
        };
        let _named = setting.logs.then(|| {
            let named = users.iter().map(|user| (user.id().to_string(), user.observer()));
            name_users(named.collect())
        });
        let outcomes: Vec<Outcome> = users.iter().map(|_| Outcome::default()).collect();
        let parts: Vec<ActorSpec<'_>> = users
            .iter()
            .zip(&outcomes)
            .map(|(user, outcome)| ActorSpec {
                user,
                outcome,
                logs: setting.logs,
            })
            .collect();
        let mut run = run(&mut session, &parts, &system);
        let mut after = None;
        let mut broken = Vec::new();
        #[cfg(feature = "postgres")]
        let mut beside = Vec::new();
        if *run.ending() == Ending::Done {
            let panics = session.drain();
            run.note_panics(panics);
            after = self.ask(&mut session, &system)?;
            #[cfg(feature = "postgres")]
            beside.extend(self.left_beside(&mut session, &mut run, &system)?);
            let panics = session.settle(AFTERMATH.0, AFTERMATH.1);
            run.note_panics(panics);
            broken = self.broken_invariants(&mut session, &system)?;
            #[cfg(feature = "postgres")]
            self.show_beside(&session, &users)?;
        }
        let trace = recorder.finish();
        let mut script_outcomes = vec![ScriptOutcome::Unfinished; setting.population.len()];
        for (actor, (user, outcome)) in users.iter().zip(&outcomes).enumerate() {
            script_outcomes[user.index()] = script_outcome(&run, actor, outcome);
        }
        session.within(|| drop(system)).map_err(Broken::Dropping)?;
        let residue = before.zip(after).map(|(before, after)| Residue {
            before,
            after,
            beside: Vec::new(),
        });
        #[cfg(feature = "postgres")]
        let residue = match beside {
            left if left.is_empty() => residue,
            left => Some(Residue {
                beside: left,
                ..residue.unwrap_or_default()
            }),
        };
        Ok(ExecutionRecord {
            used_threads: session.has_used_threads(),
            restless: session.is_restless(),
            run,
            trace,
            script_outcomes,
            residue,
            broken,
        })
    }

    /// The invariants that do not hold now, with all users gone.
    fn broken_invariants(
        &self,
        session: &mut Session<'_>,
        system: &S,
    ) -> Result<Vec<BrokenInvariant>, Broken> {
        let mut broken = Vec::new();
        for Invariant { name, holds } in &*self.invariants {
            let answer = looked_at(session, || holds.holds(system));
            let answer = answer.map_err(|ending| Broken::Invariant {
                name: name.clone(),
                ending,
            })?;
            let panic = match answer {
                Ok(true) => continue,
                Ok(false) => None,
                Err(panic) => Some(panic.message().to_owned()),
            };
            broken.push(BrokenInvariant {
                name: name.clone(),
                panic,
            });
        }
        Ok(broken)
    }

    fn ask(&self, session: &mut Session<'_>, system: &S) -> Result<Option<Value>, Broken> {
        let Some(inspect) = &self.inspect else {
            return Ok(None);
        };
        let answer = looked_at(session, || inspect.inspect(system));
        let answer = answer
            .map_err(|ending| Broken::Inspection(format!("it does not come to its end: {ending:?}")))?;
        match answer {
            Ok(Ok(value)) => Ok(Some(value)),
            Ok(Err(error)) => Err(Broken::Inspection(format!(
                "what it returned cannot be turned into JSON: {error}"
            ))),
            Err(panic) => Err(Broken::Inspection(format!("it panicked: {panic}"))),
        }
    }

    fn actor<'a>(&'a self, part: &ActorSpec<'a>, system: &'a S) -> Box<dyn Actor + 'a> {
        let actor = self.scenario.actor(part.user, system, part.outcome);
        if part.logs {
            Box::new(Served::new(actor, part.user))
        } else {
            actor
        }
    }
}

/// What an inspection or an invariant says, or how it ended without an answer. One that waits for nothing is over before anything else happens on the session.
fn looked_at<'s, T: 's>(
    session: &mut Session<'_>,
    inspect: impl FnOnce() -> Local<'s, T>,
) -> Result<Result<T, Panic>, Ending> {
    let begun = session.within(|| {
        let mut inspection = inspect();
        match Pin::new(&mut inspection).poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(said) => Ok(said),
            Poll::Pending => Err(inspection),
        }
    });
    let waiting = match begun {
        Ok(Ok(said)) => return Ok(Ok(said)),
        Ok(Err(waiting)) => waiting,
        Err(panic) => return Ok(Err(panic)),
    };
    match session.alone(waiting) {
        Ok(said) => Ok(Ok(said)),
        Err(Ending::Panicked { panic, .. }) => Ok(Err(panic)),
        Err(ending) => Err(ending),
    }
}

impl<S: 'static> Target for TypedTarget<S> {
    fn users(&self) -> usize {
        self.scenario.users()
    }

    fn mint(&self, population: &Population) {
        self.scenario.mint(population);
    }

    fn inputs(&self) -> Option<String> {
        self.scenario.inputs()
    }

    fn lines(&self) -> Option<Vec<Vec<String>>> {
        self.scenario.lines()
    }

    fn play(
        &self,
        driver: &mut Driver,
        setting: Setting<'_>,
        strategy: &mut dyn Strategy,
    ) -> Result<ExecutionRecord, Broken> {
        self.act(driver, setting, |session, parts, system| {
            let mut actors: Vec<_> = parts.iter().map(|part| self.actor(part, system)).collect();
            let mut run = session.run(&mut actors, strategy);
            // A script that was cut short may panic while it is dropped.
            if let Err(panic) = session.within(|| drop(actors)) {
                run.note_panics(vec![panic]);
            }
            run
        })
    }

    fn race(
        &self,
        driver: &mut Driver,
        setting: Setting<'_>,
        pairs: Race,
    ) -> Option<Result<ExecutionRecord, Broken>> {
        let racing = self.racing?;
        Some(self.act(driver, setting, |session, parts, system| {
            racing(self, session, parts, system, pairs)
        }))
    }
}

impl<S: Send + Sync + 'static> TypedTarget<S> {
    /// Makes each actor on the thread that polls it, so that a script's future need not be `Send`.
    pub(crate) fn run_racing(
        this: &Self,
        session: &mut Session<'_>,
        parts: &[ActorSpec<'_>],
        system: &S,
        pairs: Race,
    ) -> Run {
        let caller = Caller::here();
        race(session, parts.len(), pairs, &|actor, body| {
            let _caller = caller.enter();
            let mut actor = this.actor(&parts[actor], system);
            body(&mut *actor);
        })
    }
}

fn script_outcome(run: &Run, actor: usize, outcome: &Outcome) -> ScriptOutcome {
    // Whatever came after a dropped call, an error or a panic of the next one too, has no counterpart in a solo run.
    let dropped = run.dropped()[actor].then(|| {
        let mut decisions = run.decisions().iter();
        decisions.position(|&decision| decision == Decision::Drop { actor })
    });
    if let Some(Some(dropped)) = dropped {
        return ScriptOutcome::Cancelled {
            step: u32::try_from(dropped + 1).unwrap_or(u32::MAX),
        };
    }
    if let Ending::Panicked {
        actor: panicked,
        panic,
    } = run.ending()
        && *panicked == actor
    {
        return ScriptOutcome::Panicked(panic.message().to_owned());
    }
    match outcome.take() {
        Some(Err(error)) => ScriptOutcome::Failed(error),
        Some(Ok(())) => ScriptOutcome::Finished,
        None => ScriptOutcome::Unfinished,
    }
}
