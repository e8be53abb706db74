use std::fmt;
use std::str::FromStr;

use thiserror::Error;

use super::{Decision, RuntimeTopology};

/// More decisions than this are a mistake in a text, not a schedule.
const MOST: usize = 1_000_000;

/// The decisions that order an execution, and where it takes place.
///
/// Its text form is made to be read and passed on: `v1:one@1:1x2,2x3,t,1b0,2d` says, for one runtime in identity seed 1: actor
/// 1 twice, actor 2 three times, the clock to the next timer, actor 1 with an await budget of 0, then actor 2's call is
/// dropped. `s0` lets runtime 0 poll a spawned task, `t+5` moves the clock
/// in strides of 5 ms, `t!5` moves it by 5 ms although somebody can run. The topology is `one`,
/// `each` or `poll`. The identity seed is a number for whoever builds the actors; the interleaver only carries it.
///
/// ```
/// use ssot_harness::interleave::Schedule;
///
/// let schedule: Schedule = "v1:one@1:1x2,2x3".parse()?;
/// assert_eq!(schedule.decisions().len(), 5);
/// assert_eq!(schedule.to_string(), "v1:one@1:1x2,2x3");
///
/// let error = "v1:one@1:1x2,?".parse::<Schedule>().unwrap_err();
/// assert_eq!(error.at(), 14);
/// # Ok::<(), ssot_harness::interleave::ScheduleError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Schedule {
    topology: RuntimeTopology,
    identity_seed: u64,
    decisions: Vec<Decision>,
}

impl Schedule {
    /// The schedule of these decisions.
    #[must_use]
    pub fn new(topology: RuntimeTopology, identity_seed: u64, decisions: Vec<Decision>) -> Self {
        Self {
            topology,
            identity_seed,
            decisions,
        }
    }

    /// Which runtimes the actors are polled under.
    #[must_use]
    pub fn layout(&self) -> RuntimeTopology {
        self.topology
    }

    /// The identity seed that the actors are built in.
    #[must_use]
    pub fn identity_seed(&self) -> u64 {
        self.identity_seed
    }

    /// The decisions, in order.
    #[must_use]
    pub fn decisions(&self) -> &[Decision] {
        &self.decisions
    }
}

impl fmt::Display for Schedule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "v1:{}@{}:", self.topology, self.identity_seed)?;
        for (index, run) in self.decisions.chunk_by(|a, b| a == b).enumerate() {
            if index > 0 {
                f.write_str(",")?;
            }
            match run[0] {
                Decision::Run { actor } => write!(f, "{}", actor + 1)?,
                Decision::RunWithin { actor, budget } => write!(f, "{}b{budget}", actor + 1)?,
                Decision::Step { runtime } => write!(f, "s{runtime}")?,
                Decision::Advance { late: 0 } => f.write_str("t")?,
                Decision::Advance { late } => write!(f, "t+{late}")?,
                Decision::Pass { millis } => write!(f, "t!{millis}")?,
                Decision::Drop { actor } => write!(f, "{}d", actor + 1)?,
            }
            if run.len() > 1 {
                write!(f, "x{}", run.len())?;
            }
        }
        Ok(())
    }
}

/// A text that is no schedule.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("not a schedule: at character {at}, {what}")]
pub struct ScheduleError {
    at: usize,
    what: String,
}

impl ScheduleError {
    /// The first character that is wrong, counted from 1; one past the last where the text ends too early.
    #[must_use]
    pub fn at(&self) -> usize {
        self.at
    }
}

impl FromStr for Schedule {
    type Err = ScheduleError;

    fn from_str(text: &str) -> Result<Self, ScheduleError> {
        Parser { text, position: 0 }.schedule()
    }
}

struct Parser<'t> {
    text: &'t str,
    position: usize,
}

impl Parser<'_> {
    fn schedule(mut self) -> Result<Schedule, ScheduleError> {
        if !self.take("v1:") {
            let version = self
                .text
                .strip_prefix('v')
                .and_then(|rest| rest.split_once(':'))
                .map(|(version, _)| version);
            return Err(match version {
                Some(version) if !version.is_empty() && version.bytes().all(|byte| byte.is_ascii_digit()) => {
                    error_at(
                        1,
                        format!("version {version} is not one that this release reads (it reads 1)"),
                    )
                }
                _ => self.error("expected `v1:`, with which a schedule begins"),
            });
        }
        let topology = RuntimeTopology::ALL
            .into_iter()
            .find(|topology| self.take(topology.as_str()))
            .ok_or_else(|| self.error("expected the topology: `one`, `each` or `poll`"))?;
        let identity_seed = if self.take("@") {
            self.number(u64::MAX, "the identity seed")?
        } else {
            0
        };
        if !self.take(":") {
            return Err(self.error("expected `:`, after which the decisions come"));
        }
        let mut decisions = Vec::new();
        if self.is_at_end() {
            return Ok(Schedule {
                topology,
                identity_seed,
                decisions,
            });
        }
        loop {
            let decision = self.decision()?;
            let before = self.position;
            let count = if self.take("x") {
                self.number(u64::MAX, "how often")?
            } else {
                1
            };
            let count = usize::try_from(count)
                .ok()
                .filter(|count| (1..=MOST - decisions.len().min(MOST)).contains(count));
            let Some(count) = count else {
                return Err(error_at(
                    before + 2,
                    format!("a schedule has from 1 to {MOST} decisions"),
                ));
            };
            decisions.resize(decisions.len() + count, decision);
            if self.is_at_end() {
                return Ok(Schedule {
                    topology,
                    identity_seed,
                    decisions,
                });
            }
            if !self.take(",") {
                return Err(self.error("expected `,` or the end"));
            }
        }
    }

    fn decision(&mut self) -> Result<Decision, ScheduleError> {
        if self.take("t!") {
            let millis = self.number(u64::from(u16::MAX), "how many milliseconds pass")?;
            return Ok(Decision::Pass {
                millis: u16::try_from(millis).unwrap_or(u16::MAX),
            });
        }
        if self.take("t") {
            let late = if self.take("+") {
                self.number(u64::from(u16::MAX), "how many milliseconds late")?
            } else {
                0
            };
            return Ok(Decision::Advance {
                late: u16::try_from(late).unwrap_or(u16::MAX),
            });
        }
        if self.take("s") {
            return Ok(Decision::Step {
                runtime: self.index("a runtime's number")?,
            });
        }
        let start = self.position;
        let number = self.index("a user's number, `s` or `t`")?;
        let Some(actor) = number.checked_sub(1) else {
            return Err(error_at(start + 1, "users are counted from 1".to_owned()));
        };
        if self.take("b") {
            let budget = self.number(127, "a budget from 0 to 127")?;
            return Ok(Decision::RunWithin {
                actor,
                budget: u8::try_from(budget).unwrap_or(127),
            });
        }
        if self.take("d") {
            return Ok(Decision::Drop { actor });
        }
        Ok(Decision::Run { actor })
    }

    fn index(&mut self, what: &str) -> Result<usize, ScheduleError> {
        let number = self.number(u64::from(u32::MAX), what)?;
        usize::try_from(number).map_err(|_| self.error(&format!("expected {what}")))
    }

    fn number(&mut self, most: u64, what: &str) -> Result<u64, ScheduleError> {
        let start = self.position;
        let digits = self.text[start..].bytes().take_while(u8::is_ascii_digit).count();
        if digits == 0 {
            return Err(self.error(&format!("expected {what}")));
        }
        self.position += digits;
        self.text[start..self.position]
            .parse()
            .ok()
            .filter(|&number: &u64| number <= most)
            .ok_or_else(|| error_at(start + 1, format!("expected {what}, at most {most}")))
    }

    fn take(&mut self, token: &str) -> bool {
        let found = self.text[self.position..].starts_with(token);
        if found {
            self.position += token.len();
        }
        found
    }

    fn is_at_end(&self) -> bool {
        self.position == self.text.len()
    }

    fn error(&self, expected: &str) -> ScheduleError {
        let found = match self.text[self.position..].chars().next() {
            Some(found) => format!("found `{found}`"),
            None => "found the end: the text may have been cut".to_owned(),
        };
        // Everything up to here was ASCII, so that bytes are characters.
        error_at(self.position + 1, format!("{expected}, {found}"))
    }
}

fn error_at(at: usize, what: String) -> ScheduleError {
    ScheduleError { at, what }
}
