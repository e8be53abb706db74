//! What a person reads of a test that failed.

use std::fmt::{self, Write as _};

use crate::case::phases::{Late, Phase};
use crate::case::process::signals;
use crate::case::state::{CaseState, Cleaned, CleanedWhat, Finding, What};
use crate::case::tasks::Leftovers;
use crate::panics::Panic;

/// How many lines of a log are shown.
const LOG_LINES: usize = 10;

/// What a person is told of a test with these findings.
pub(super) fn failure(core: &CaseState, findings: &[Finding]) -> String {
    // A check's own report says everything there is to say of it, and how to see it again.
    if let [
        Finding {
            what:
                What::Error {
                    text,
                    failure: Some(_),
                    ..
                },
            ..
        },
    ] = findings
    {
        return text.clone();
    }
    let mut text = String::new();
    write_failure(&mut text, core, findings).expect("text takes whatever is written");
    text
}

fn write_failure(f: &mut String, core: &CaseState, findings: &[Finding]) -> fmt::Result {
    let name = core.test.path();
    let mut headlines: Vec<String> = findings.iter().map(Finding::headline).collect();
    headlines.dedup();
    writeln!(f, "{name}: {}", headlines.join(", and "))?;
    writeln!(f, "\nwhat failed")?;
    for finding in findings {
        finding.write(f, core)?;
    }
    let cleaned = core.findings.cleaned();
    if !cleaned.is_empty() {
        writeln!(f, "\nwhat was cleaned up")?;
        let lines: Vec<_> = cleaned.into_iter().map(Cleaned::line).collect();
        for alike in lines.chunk_by(|line, next| line == next) {
            match alike.len() {
                1 => writeln!(f, "{}", alike[0])?,
                n => writeln!(f, "{} ×{n}", alike[0])?,
            }
        }
    }
    let logs = core.capture.logs().last(LOG_LINES);
    if !logs.is_empty() {
        writeln!(f, "\nthe last of its log")?;
        for event in &logs {
            writeln!(f, "  {event}")?;
        }
    }
    if core.resources.users.were_drawn() {
        let seed = core.resources.users.seed;
        writeln!(
            f,
            "\nits users are those of seed {seed}: SSOT_SEED={seed} draws them again"
        )?;
    }
    while f.ends_with('\n') {
        f.pop();
    }
    Ok(())
}

impl Cleaned {
    fn line(self) -> String {
        let outcome = if self.well { "done" } else { "failed" };
        match self.what {
            CleanedWhat::TearDown(fixture) => format!("  {outcome:<10} tear-down of {fixture}"),
            CleanedWhat::Registered(at) => format!("  {outcome:<10} registered at {at}"),
        }
    }
}

impl Finding {
    pub(super) fn headline(&self) -> String {
        let phase = match self.phase {
            Phase::Cleanup(_) => "a clean-up".to_owned(),
            phase => format!("the {phase}"),
        };
        match &self.what {
            What::Error { .. } => format!("{phase} failed"),
            What::Panicked(_) => format!("{phase} panicked"),
            What::TimedOut(_) | What::Late(_) => format!("{phase} timed out"),
            What::Blocked(_) => format!("{phase} blocks its thread"),
            What::Interrupted(signal) => format!("{} came", signals::name(*signal)),
            What::NotDone | What::NotRun => format!("{phase} was not run"),
            What::Exited => format!("{phase} ended the process"),
            What::ThreadStays(_) => "its thread does not end".to_owned(),
            What::Tasks(_) => "tasks are still alive".to_owned(),
            What::Threads(_) => "the runtime does not shut down".to_owned(),
            What::Uncaught(_) => "a panic that nobody caught".to_owned(),
            What::Harness(_) => "the harness failed".to_owned(),
        }
    }

    fn write(&self, f: &mut String, core: &CaseState) -> fmt::Result {
        let label = match self.what {
            What::Tasks(_) => "tasks",
            What::Threads(_) | What::ThreadStays(_) => "threads",
            What::Uncaught(_) => "panic",
            What::Harness(_) => "harness",
            _ => match self.phase {
                Phase::SetUp => "set-up",
                Phase::Body => "body",
                Phase::TearDown => "tear-down",
                Phase::Cleanup(_) => "clean-up",
                Phase::Ending => "end",
            },
        };
        let mut lines = Vec::new();
        if let Phase::Cleanup(at) = self.phase {
            lines.push(format!("registered at {at}"));
        }
        self.say(&mut lines, core);
        for (index, line) in lines.iter().flat_map(|line| line.split('\n')).enumerate() {
            let label = if index == 0 { label } else { "" };
            writeln!(f, "{}", format!("  {label:<10} {line}").trim_end())?;
        }
        Ok(())
    }

    fn say(&self, lines: &mut Vec<String>, core: &CaseState) {
        let place = self.line.map_or_else(String::new, |line| {
            format!(", in the statement at {}:{line}", core.meta.file)
        });
        match &self.what {
            What::Error { text, has_location, .. } => {
                lines.push(text.clone());
                if !has_location && !place.is_empty() {
                    lines.push(place.trim_start_matches(", ").to_owned());
                }
            }
            What::Panicked(panic) => say_panic(lines, "panicked: ", panic),
            What::TimedOut(limit) => {
                lines.push(format!("not over after {limit:?}{place}"));
                lines.push(format!(
                    "it was dropped there; {} gives it more time",
                    remedy_for_time(self.phase)
                ));
                still_alive(lines, core);
            }
            What::Late(Late { limit, took }) => {
                lines.push(format!("not over after {limit:?}, but after {took:.0?}"));
                lines.push(format!(
                    "it came to no await at which it could be stopped: wait with .await there, or use spawn_blocking; {} gives it \
                     more time",
                    remedy_for_time(self.phase)
                ));
            }
            What::Blocked(limit) => {
                lines.push(format!("not over after {limit:?}{place}"));
                lines.push(
                    "it blocks its thread, which was given up: wait with .await there, or use spawn_blocking"
                        .to_owned(),
                );
                still_alive(lines, core);
            }
            What::Interrupted(signal) => {
                lines.push(format!("stopped by {}{place}", signals::name(*signal)));
            }
            What::NotDone => lines.push("the body still has what was set up".to_owned()),
            What::NotRun => lines.push("it was registered when the clean-ups were over, or when too many had been run".to_owned()),
            What::Exited => lines.push(
                "std::process::exit was called: no other test of this process was run to its end; return an error, or panic"
                    .to_owned(),
            ),
            What::ThreadStays(time) => lines.push(format!(
                "not ended {time:?} after the test: the destructor of a thread-local blocks it"
            )),
            What::Tasks(census) => census.say(lines, core),
            What::Threads(threads) => {
                let (threads, are) = match threads {
                    1 => ("1 thread".to_owned(), "is"),
                    n => (format!("{n} threads"), "are"),
                };
                lines.push(format!(
                    "{threads} of the runtime {are} still busy after its end: a spawn_blocking that does not return, or a \
                     task that does not come to an await"
                ));
            }
            What::Uncaught(noted) => {
                say_panic(lines, "", &noted.panic);
                let thread = noted.thread_name.as_deref().unwrap_or("without a name");
                if noted.certain {
                    lines.push(format!("in a task or thread of the test (thread {thread})"));
                } else {
                    lines.push(format!(
                        "in a thread that the test did not start through the harness (thread {thread})"
                    ));
                }
                if noted.was_told_to_a_task {
                    lines.push(
                        "a task that the harness does not watch has awaited it, and may have resumed it: spawn that with case.spawn"
                            .to_owned(),
                    );
                }
                lines.push(
                    "spawn it with case.spawn and await that, or allow it with case.allow_panics(1)"
                        .to_owned(),
                );
            }
            What::Harness(what) => lines.push(what.clone()),
        }
    }
}

fn say_panic(lines: &mut Vec<String>, before: &str, panic: &Panic) {
    lines.push(format!("{before}{}", panic.message()));
    lines.extend(panic.location().map(|location| format!("at {location}")));
}

fn remedy_for_time(phase: Phase) -> &'static str {
    match phase {
        Phase::Cleanup(_) => "on_cleanup_within(…)",
        _ => "#[ssot_harness::test(timeout = \"…\")]",
    }
}

/// Who is alive when a phase does not end: whoever it waits for may be among them.
fn still_alive(lines: &mut Vec<String>, core: &CaseState) {
    let census = core.activity.tasks.leftovers();
    if census.alive() > 0 {
        lines.push(format!("tasks alive then: {}", census.alive()));
        census.places(lines, core);
    }
}

impl Leftovers {
    fn say(&self, lines: &mut Vec<String>, core: &CaseState) {
        let alive = self.alive();
        let (are, them) = if alive == 1 {
            ("task is", "it")
        } else {
            ("tasks are", "them")
        };
        lines.push(format!("{alive} {are} still alive at the end"));
        self.places(lines, core);
        lines.push(format!(
            "wait for {them}, abort {them}, or allow {them} with case.allow_tasks({alive})"
        ));
    }

    fn places(&self, lines: &mut Vec<String>, core: &CaseState) {
        for at in &self.tracked {
            lines.push(format!("- spawned at {at}"));
        }
        if self.others == 0 {
            return;
        }
        let mut others = format!("- {} not spawned through case.spawn", self.others);
        let births: Vec<String> = self
            .lines
            .iter()
            .map(|(line, tasks)| format!("{tasks} in the statement at {}:{line}", core.meta.file))
            .collect();
        if !births.is_empty() {
            let _infallible: fmt::Result = write!(others, "; tasks appeared: {}", births.join(", "));
        }
        lines.push(others);
    }
}
