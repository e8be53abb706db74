use std::io::{self, IsTerminal as _, Write as _};
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Tells on standard error what is being done: with a spinner on a terminal, else in a line for each phase.
#[derive(Debug)]
pub(crate) struct Progress {
    shown: Shown,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shown {
    Nothing,
    Lines,
    Spinner,
}

/// Something that takes a while; it is over when this is dropped.
#[derive(Debug)]
pub(crate) struct Phase {
    what: String,
    bar: Option<ProgressBar>,
}

impl Progress {
    pub(crate) fn new(quiet: bool) -> Self {
        let shown = match (quiet, io::stderr().is_terminal()) {
            (true, _) => Shown::Nothing,
            (false, true) => Shown::Spinner,
            (false, false) => Shown::Lines,
        };
        Self { shown }
    }

    /// Begins a phase: `what` reads on from "ssot: ".
    pub(crate) fn phase(&self, what: impl Into<String>) -> Phase {
        let what = what.into();
        let bar = match self.shown {
            Shown::Nothing => None,
            Shown::Lines => {
                say(&format!("ssot: {what}"));
                None
            }
            Shown::Spinner => Some(spinner(&what)),
        };
        Phase { what, bar }
    }

    /// Tells something in passing.
    pub(crate) fn note(&self, what: &str) {
        if self.shown != Shown::Nothing {
            say(&format!("ssot: {what}"));
        }
    }
}

impl Phase {
    /// Where it has got to; shown on a terminal only, until the next.
    pub(crate) fn detail(&self, detail: &str) {
        if let Some(bar) = &self.bar {
            bar.set_message(format!("{}: {}", self.what, detail.trim()));
        }
    }
}

impl Drop for Phase {
    fn drop(&mut self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }
}

fn spinner(what: &str) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(None, ProgressDrawTarget::stderr());
    bar.set_style(ProgressStyle::with_template("{spinner} {wide_msg}").expect("the template is right"));
    bar.set_message(what.to_owned());
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}

/// A line on standard error; nobody is left to be told where that fails.
pub(crate) fn say(line: &str) {
    drop(writeln!(io::stderr().lock(), "{line}"));
}
