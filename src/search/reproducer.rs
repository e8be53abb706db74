use std::sync::Arc;

use thiserror::Error;

use super::target::Target;
use super::target_source::TargetSource;
use crate::interleave::{Schedule, ScheduleError};

/// A failure as text: a schedule, and behind a `|` the generated inputs as JSON, where there are any.
pub(crate) struct Reproducer {
    pub(crate) schedule: Schedule,
    pub(crate) target: Arc<dyn Target>,
}

/// A text that is no failure of this check.
#[derive(Debug, Error)]
pub(crate) enum ReproducerError {
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    #[error("the inputs behind the `|` do not fit this check's actions: {0}")]
    Inputs(String),
    #[error("the text has no inputs behind a `|`, and this check generates its inputs: it may have been cut")]
    NoInputs,
    #[error("the inputs are for {0} users, and a check takes from 2 to 1,024")]
    Users(usize),
}

impl Reproducer {
    pub(crate) fn parse(text: &str, targets: &dyn TargetSource) -> Result<Self, ReproducerError> {
        let (schedule, inputs) = match text.split_once('|') {
            Some((schedule, inputs)) => (schedule, Some(inputs)),
            None => (text, None),
        };
        let schedule = schedule.trim().parse()?;
        let target = match (inputs, targets.fixed()) {
            (Some(inputs), _) => targets.parse(inputs.trim()).map_err(ReproducerError::Inputs)?,
            (None, Some((target, _))) => target,
            (None, None) => return Err(ReproducerError::NoInputs),
        };
        match target.users() {
            2..=1_024 => Ok(Self { schedule, target }),
            users => Err(ReproducerError::Users(users)),
        }
    }

    /// The text of a failure.
    pub(crate) fn text(schedule: &Schedule, inputs: Option<&str>) -> String {
        match inputs {
            Some(inputs) => format!("{schedule}|{inputs}"),
            None => schedule.to_string(),
        }
    }
}
