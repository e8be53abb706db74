use std::sync::Arc;

use thiserror::Error;

use super::subject::Subject;
use super::subjects::Subjects;
use crate::interleave::{Schedule, ScheduleError};

/// A failure as text: a schedule, and behind a `|` the generated inputs as JSON, where there are any.
pub(crate) struct Kept {
    pub(crate) schedule: Schedule,
    pub(crate) subject: Arc<dyn Subject>,
}

/// A text that is no failure of this check.
#[derive(Debug, Error)]
pub(crate) enum KeptError {
    #[error(transparent)]
    Schedule(#[from] ScheduleError),
    #[error("the inputs behind the `|` do not fit this check's actions: {0}")]
    Inputs(String),
    #[error("the text has no inputs behind a `|`, and this check generates its inputs: it may have been cut")]
    NoInputs,
    #[error("the inputs are for {0} users, and a check takes from 2 to 1,024")]
    Users(usize),
}

impl Kept {
    pub(crate) fn parse(text: &str, subjects: &dyn Subjects) -> Result<Self, KeptError> {
        let (schedule, inputs) = match text.split_once('|') {
            Some((schedule, inputs)) => (schedule, Some(inputs)),
            None => (text, None),
        };
        let schedule = schedule.trim().parse()?;
        let subject = match (inputs, subjects.fixed()) {
            (Some(inputs), _) => subjects.parse(inputs.trim()).map_err(KeptError::Inputs)?,
            (None, Some((subject, _))) => subject,
            (None, None) => return Err(KeptError::NoInputs),
        };
        match subject.users() {
            2..=1_024 => Ok(Self { schedule, subject }),
            users => Err(KeptError::Users(users)),
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
