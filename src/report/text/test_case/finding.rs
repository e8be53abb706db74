//! One thing that was wrong with a test, in words.

use std::fmt::Write as _;

use crate::panics::Panic;
use crate::report::text::failure;
use crate::report::text::page::{Line, Page, Tone};
use crate::report::{Late, Leftovers, Problem, TestFinding, TestPhase, UncaughtPanic};

pub(super) fn headline(finding: &TestFinding) -> String {
    let phase = match finding.phase {
        TestPhase::Cleanup(_) => "a clean-up".to_owned(),
        phase => format!("the {}", phase.as_str()),
    };
    match &finding.problem {
        Problem::Error { .. } => format!("{phase} failed"),
        Problem::Panicked(_) => format!("{phase} panicked"),
        Problem::TimedOut { .. } | Problem::Late(_) => format!("{phase} timed out"),
        Problem::Blocked { .. } => format!("{phase} blocks its thread"),
        Problem::Interrupted(interruption) => format!("{interruption} came"),
        Problem::NotDone | Problem::NotRun => format!("{phase} was not run"),
        Problem::Exited => format!("{phase} ended the process"),
        Problem::ThreadStays(_) => "its thread does not end".to_owned(),
        Problem::Tasks(_) => "tasks are still alive".to_owned(),
        Problem::Threads(_) => "the runtime does not shut down".to_owned(),
        Problem::Uncaught(_) => "a panic that nobody caught".to_owned(),
        Problem::Harness(_) => "the harness failed".to_owned(),
    }
}

/// Writes the finding; `file` is that of the test's body.
pub(super) fn write(page: &mut Page, finding: &TestFinding, file: &str) {
    let label = match finding.problem {
        Problem::Tasks(_) => "tasks",
        Problem::Threads(_) | Problem::ThreadStays(_) => "threads",
        Problem::Uncaught(_) => "panic",
        Problem::Harness(_) => "harness",
        _ => finding.phase.as_str(),
    };
    let mut lines = Lines { page, label };
    if let TestPhase::Cleanup(at) = finding.phase {
        lines.own(&format!("registered at {at}"));
    }
    lines.write(finding, file);
}

/// The lines of one finding: the first has its label.
struct Lines<'p> {
    page: &'p mut Page,
    label: &'static str,
}

impl Lines<'_> {
    /// The harness's words, which are wrapped.
    fn own(&mut self, text: &str) {
        let lead = Line::labelled(Tone::Wrong, std::mem::take(&mut self.label));
        self.page.hanging(lead, Tone::Plain, text);
    }

    /// One of several things, in the harness's words.
    fn item(&mut self, text: &str) {
        let lead = Line::labelled(Tone::Wrong, std::mem::take(&mut self.label)).and(Tone::Plain, "- ");
        self.page.hanging(lead, Tone::Plain, text);
    }

    /// The words of the code under test, whose lines stay as they are.
    fn quoted(&mut self, text: &str) {
        let lead = Line::labelled(Tone::Wrong, std::mem::take(&mut self.label));
        self.page.as_it_stands(&lead, text);
    }

    fn write(&mut self, finding: &TestFinding, file: &str) {
        let place = finding
            .line
            .map_or_else(String::new, |line| format!(", in the statement at {file}:{line}"));
        match &finding.problem {
            Problem::Error {
                failure: Some(check), ..
            } => {
                let lead = Line::labelled(Tone::Wrong, std::mem::take(&mut self.label));
                self.page.nested(&lead, |page| failure::write(page, check));
            }
            Problem::Error { text, has_location, .. } => {
                self.quoted(text);
                if !has_location && !place.is_empty() {
                    self.own(place.trim_start_matches(", "));
                }
            }
            Problem::Panicked(panic) => self.panic("panicked: ", panic),
            Problem::TimedOut { limit, alive } => {
                self.own(&format!("not over after {limit:?}{place}"));
                let remedy = remedy_for_time(finding.phase);
                self.own(&format!("it was dropped there; {remedy} gives it more time"));
                self.alive(alive, file);
            }
            Problem::Late(Late { limit, took }) => {
                self.own(&format!("not over after {limit:?}, but after {took:.0?}"));
                let remedy = remedy_for_time(finding.phase);
                self.own(&format!(
                    "it came to no await at which it could be stopped: wait with .await there, or use spawn_blocking; {remedy} \
                     gives it more time"
                ));
            }
            Problem::Blocked { limit, alive } => {
                self.own(&format!("not over after {limit:?}{place}"));
                self.own("it blocks its thread, which was given up: wait with .await there, or use spawn_blocking");
                self.alive(alive, file);
            }
            Problem::Interrupted(interruption) => self.own(&format!("stopped by {interruption}{place}")),
            Problem::NotDone => self.own("the body still has what was set up"),
            Problem::NotRun => {
                self.own("it was registered when the clean-ups were over, or when too many had been run");
            }
            Problem::Exited => self.own(
                "std::process::exit was called: no other test of this process was run to its end; return an error, or panic",
            ),
            Problem::ThreadStays(time) => self.own(&format!(
                "not ended {time:?} after the test: the destructor of a thread-local blocks it"
            )),
            Problem::Tasks(leftovers) => self.leftovers(leftovers, file),
            Problem::Threads(threads) => {
                let (threads, are) = match threads {
                    1 => ("1 thread".to_owned(), "is"),
                    n => (format!("{n} threads"), "are"),
                };
                self.own(&format!(
                    "{threads} of the runtime {are} still busy after its end: a spawn_blocking that does not return, or a task \
                     that does not come to an await"
                ));
            }
            Problem::Uncaught(uncaught) => self.uncaught(uncaught),
            Problem::Harness(what) => self.own(what),
        }
    }

    fn panic(&mut self, before: &str, panic: &Panic) {
        self.quoted(&format!("{before}{}", panic.message()));
        if let Some(location) = panic.location() {
            self.own(&format!("at {location}"));
        }
    }

    fn uncaught(&mut self, uncaught: &UncaughtPanic) {
        self.panic("", &uncaught.panic);
        let thread = uncaught.thread_name.as_deref().unwrap_or("without a name");
        self.own(&if uncaught.certain {
            format!("in a task or thread of the test (thread {thread})")
        } else {
            format!("in a thread that the test did not start through the harness (thread {thread})")
        });
        if uncaught.was_told_to_a_task {
            self.own(
                "a task that the harness does not watch has awaited it, and may have resumed it: spawn that with case.spawn",
            );
        }
        self.own("spawn it with case.spawn and await that, or allow it with case.allow_panics(1)");
    }

    /// The tasks that were alive when a phase did not end: it may wait for one of them.
    fn alive(&mut self, alive: &Leftovers, file: &str) {
        if alive.alive() > 0 {
            self.own(&format!("tasks alive then: {}", alive.alive()));
            self.places(alive, file);
        }
    }

    fn leftovers(&mut self, leftovers: &Leftovers, file: &str) {
        let alive = leftovers.alive();
        let (are, them) = if alive == 1 {
            ("task is", "it")
        } else {
            ("tasks are", "them")
        };
        self.own(&format!("{alive} {are} still alive at the end"));
        self.places(leftovers, file);
        self.own(&format!(
            "wait for {them}, abort {them}, or allow {them} with case.allow_tasks({alive})"
        ));
    }

    fn places(&mut self, leftovers: &Leftovers, file: &str) {
        for at in &leftovers.tracked {
            self.item(&format!("spawned at {at}"));
        }
        if leftovers.others == 0 {
            return;
        }
        let mut others = format!("{} not spawned through case.spawn", leftovers.others);
        for (index, (line, tasks)) in leftovers.lines.iter().enumerate() {
            let before = if index == 0 { "; tasks appeared: " } else { ", " };
            write!(others, "{before}{tasks} in the statement at {file}:{line}")
                .expect("text takes whatever is written");
        }
        self.item(&others);
    }
}

fn remedy_for_time(phase: TestPhase) -> &'static str {
    match phase {
        TestPhase::Cleanup(_) => "on_cleanup_within(…)",
        _ => "#[ssot_harness::test(timeout = \"…\")]",
    }
}
