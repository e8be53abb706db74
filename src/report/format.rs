use super::json::to_json;
use super::{Outcome, text};
use crate::settings::{self, Unreadable};

/// How a report is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    Text,
    /// JSON in one line.
    Json,
}

impl Format {
    /// As `SSOT_REPORT_FORMAT` says.
    pub(crate) fn of_environment() -> Result<Self, Unreadable> {
        match settings::text("SSOT_REPORT_FORMAT")?.as_deref() {
            None | Some("text") => Ok(Self::Text),
            Some("json") => Ok(Self::Json),
            Some(other) => Err(Unreadable {
                what: format!("SSOT_REPORT_FORMAT is `{other}`, which is no format of reports"),
                remedy: "set SSOT_REPORT_FORMAT to text or json, or unset it".to_owned(),
            }),
        }
    }
}

/// The report in the format that the environment asks for.
pub(crate) fn printed(outcome: Outcome<'_>) -> String {
    // A format that does not exist has the check refused: that is told as text.
    match Format::of_environment().unwrap_or(Format::Text) {
        Format::Text => text::written(outcome, &text::Style::of_terminal()),
        Format::Json => to_json(outcome).to_string(),
    }
}
