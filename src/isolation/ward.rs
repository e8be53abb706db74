use std::sync::Arc;
use std::time::Duration;

use super::knobs::Knobs;
use super::subject::{Broken, Played, Setting, Subject};
use super::{Failure, FailureKind};
use crate::interleave::{Candidate, Decision, Driver, Ending, Layout, Serial, Shape};
use crate::oracle::{Evidence, Fate, Hang, Judge, Kind, PanicNote, Rules, Violation};
use crate::user::Cast;

/// How long, in real time, another thread has to wake somebody before a deadlock is believed.
pub(crate) const PATIENCE: Duration = Duration::from_millis(50);

/// One script in one world, and what its users do when they are alone.
pub(crate) struct Ward {
    pub(crate) cast: Arc<Cast>,
    pub(crate) judge: Judge,
    pub(crate) shape: Arc<Shape>,
    /// Executions that it took.
    pub(crate) executions: u64,
    /// Where a user did not see the same twice, alone: what then differs in company says nothing.
    pub(crate) unsteady: Option<String>,
}

impl Ward {
    /// Runs every user's script with nobody else there.
    pub(crate) fn prepare(
        subject: &dyn Subject,
        driver: &mut Driver,
        knobs: &Knobs,
        rules: &Rules,
        world: u64,
    ) -> Result<Self, Failure> {
        let cast = Cast::draw(world, subject.users());
        subject.mint(&cast);
        let mut rules = rules.clone();
        let mut unsteady = None;
        // Twice, for an answer that changes by itself is nobody's influence.
        loop {
            let mut judge = Judge::new(Arc::clone(&cast), Arc::new(rules.clone()));
            let mut shape = Shape {
                drops: knobs.cancellations,
                ..Shape::default()
            };
            let mut executions = 0;
            for user in 0..subject.users() {
                let played = alone(subject, driver, knobs, &cast, user)?;
                executions += 1;
                learn(&mut judge, &cast, user, &played);
                shape.polls.push(played.run.polls().first().copied().unwrap_or(1));
                shape.spawns |= played.run.most_tasks() > 0;
                shape.timers |= played
                    .run
                    .decisions()
                    .iter()
                    .any(|d| matches!(d, Decision::Advance { .. }));
                if rules.compare_alone && knobs.compare_alone {
                    let again = alone(subject, driver, knobs, &cast, user)?;
                    executions += 1;
                    let differs = judge_played(&mut judge, &again, Some(user))
                        .into_iter()
                        .find(|violation| violation.kind() == Kind::Interference);
                    if let Some(violation) = differs {
                        unsteady = Some(format!(
                            "{} does not see the same twice even alone, so that the comparison with the solo run is off ({})",
                            cast.member(user).name(),
                            violation.detail()
                        ));
                    }
                }
            }
            if unsteady.is_some() && rules.compare_alone {
                rules.compare_alone = false;
                continue;
            }
            return Ok(Self {
                cast,
                judge,
                shape: Arc::new(shape),
                executions,
                unsteady,
            });
        }
    }

    /// What the oracles say of an execution with everybody there.
    pub(crate) fn judge(&mut self, played: &Played) -> Vec<Violation> {
        judge_played(&mut self.judge, played, None)
    }
}

fn alone(
    subject: &dyn Subject,
    driver: &mut Driver,
    knobs: &Knobs,
    cast: &Arc<Cast>,
    user: usize,
) -> Result<Played, Failure> {
    let setting = Setting {
        cast,
        alone: Some(user),
        layout: Layout::One,
        real_io: knobs.real_io,
        logs: knobs.logs,
    };
    let played = subject.play(driver, setting, &mut Serial).map_err(broken)?;
    let name = cast.member(user).name();
    let refuse = |what: String, remedy: &str| Err(Failure::refused(FailureKind::Alone, what, remedy));
    if let Some(defect) = played.trace.defects().first() {
        return Err(unserializable(defect));
    }
    match played.run.ending() {
        Ending::RealIo(message) => return Err(real_io(message)),
        Ending::Panicked { panic, .. } => {
            return refuse(
                format!("{name}'s script panics with nobody else there: {panic}"),
                "mend the script, or the fault that one user meets; isolation is the question after that",
            );
        }
        Ending::Deadlock(_) if is_woken_from_outside(subject, driver, setting) => {
            return Err(real_io(&format!("{name}'s script was woken by another thread")));
        }
        Ending::Deadlock(waiting) => {
            let waiting: Vec<_> = waiting.iter().map(ToString::to_string).collect();
            return refuse(
                format!(
                    "{name}'s script never ends with nobody else there: {}",
                    waiting.join("; ")
                ),
                "look for an await that nothing completes; a script may wait only for what its own user or the system does",
            );
        }
        Ending::StepLimit(steps) => {
            return refuse(
                format!("{name}'s script has not ended after {steps} steps with nobody else there"),
                "end the script's loops, or raise the limit with `.steps(..)`",
            );
        }
        _ => {}
    }
    if let Some(Fate::Failed(error)) = played.fates.get(user) {
        return refuse(
            format!("{name}'s script returns an error with nobody else there: {error}"),
            "handle errors that are expected within the script, and tell them with `user.saw(Surface::Error, ..)`",
        );
    }
    Ok(played)
}

/// Whether a solo run that nothing could wake ends after all where it is given real time.
fn is_woken_from_outside(subject: &dyn Subject, driver: &mut Driver, setting: Setting<'_>) -> bool {
    driver.wait_for_outside(PATIENCE);
    let again = subject.play(driver, setting, &mut Serial);
    driver.wait_for_outside(Duration::ZERO);
    again.is_ok_and(|again| !matches!(again.run.ending(), Ending::Deadlock(_)))
}

fn learn(judge: &mut Judge, cast: &Cast, user: usize, played: &Played) {
    let panics = panics(played, Some(user));
    judge.learn_alone(
        user,
        &Evidence {
            trace: &played.trace,
            fates: &played.fates,
            hang: None,
            panics: &panics,
            residue: played.residue.as_ref(),
        },
    );
    debug_assert!(user < cast.len(), "a user of the cast");
}

fn judge_played(judge: &mut Judge, played: &Played, alone: Option<usize>) -> Vec<Violation> {
    let panics = panics(played, alone);
    let hang = hang(played, alone);
    judge.judge(&Evidence {
        trace: &played.trace,
        fates: &played.fates,
        hang: hang.as_ref(),
        panics: &panics,
        residue: played.residue.as_ref(),
    })
}

fn panics(played: &Played, alone: Option<usize>) -> Vec<PanicNote> {
    let run = &played.run;
    let mut notes: Vec<_> = run
        .panics()
        .iter()
        .map(|(step, panic)| note(None, *step, panic))
        .collect();
    if let Ending::Panicked { actor, panic } = run.ending() {
        notes.push(note(Some(alone.unwrap_or(*actor)), run.decisions().len(), panic));
    }
    notes
}

fn note(user: Option<usize>, step: usize, panic: &crate::interleave::Panic) -> PanicNote {
    PanicNote {
        user,
        message: panic.message().to_owned(),
        location: panic.location().unwrap_or("an unknown place").to_owned(),
        step: u32::try_from(step).unwrap_or(u32::MAX),
    }
}

fn hang(played: &Played, alone: Option<usize>) -> Option<Hang> {
    let run = &played.run;
    let step = u32::try_from(run.decisions().len()).unwrap_or(u32::MAX);
    let unfinished =
        || (0..run.finished().len()).filter(|&actor| !run.finished()[actor] && !run.dropped()[actor]);
    let user = |actor: usize| alone.unwrap_or(actor);
    Some(match run.ending() {
        Ending::Deadlock(waiting) => Hang {
            detail: match waiting.first() {
                Some(first) => format!("nobody can ever go on: {first}"),
                None => "nobody can ever go on".to_owned(),
            },
            users: waiting.iter().map(|waiting| user(waiting.actor)).collect(),
            step,
        },
        Ending::StepLimit(steps) => Hang {
            detail: format!("not ended after {steps} steps, where each ends when it is alone"),
            users: unfinished().map(user).collect(),
            step,
        },
        Ending::Blocked { candidate } => Hang {
            detail: match candidate {
                Some(Candidate::Runtime(_)) => {
                    "a spawned task blocks the thread: its poll does not return".to_owned()
                }
                _ => "a poll does not return: it blocks the thread that everybody else needs".to_owned(),
            },
            users: match candidate {
                Some(Candidate::Actor(actor)) => vec![user(*actor)],
                _ => unfinished().map(user).collect(),
            },
            step,
        },
        _ => return None,
    })
}

pub(crate) fn broken(broken: Broken) -> Failure {
    let remedy = "isolation needs a system that can be built afresh for every execution";
    let what = match broken {
        Broken::Error(error) => format!("the system could not be built: {error}"),
        Broken::Ended(Ending::RealIo(message)) => return real_io(&message),
        Broken::Ended(Ending::Panicked { panic, .. }) => {
            format!("the system panicked while it was built: {panic}")
        }
        Broken::Ended(Ending::Deadlock(_)) => "building the system waits for what never comes".to_owned(),
        Broken::Ended(Ending::StepLimit(steps)) => {
            format!("building the system has not ended after {steps} steps")
        }
        Broken::Ended(ending) => format!("the system could not be built: {ending:?}"),
        Broken::Inspection(error) => {
            return Failure::refused(
                FailureKind::Misuse,
                format!("the system could not be inspected: {error}"),
                "return something `Serialize` from the closure of `.inspect(..)`",
            );
        }
        Broken::Dropping(panic) => format!("the system panicked while it was dropped: {panic}"),
    };
    Failure::refused(FailureKind::Build, what, remedy)
}

pub(crate) fn real_io(message: &str) -> Failure {
    Failure::refused(
        FailureKind::RealIo,
        format!("something waits for real input or output, and the check's clock stands still: {message}"),
        "put a fake in the place of the socket or file, or let the check run in real time with `.real_io()`",
    )
}

pub(crate) fn unserializable(defect: &str) -> Failure {
    Failure::refused(
        FailureKind::Unserializable,
        defect,
        "tell what the user saw as something that is valid JSON",
    )
}
