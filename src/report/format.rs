use super::json::to_json;
use super::{Outcome, text};
use crate::settings::{self, Unreadable};

/// How a report is printed: the name of the format, and what prints it.
#[derive(Clone, Copy)]
pub(crate) struct Format {
    name: &'static str,
    print: fn(Outcome<'_>) -> String,
}

/// Every format; the first is the default. A new one is a folder beside `text` and `json`, and a line here.
const FORMATS: [Format; 2] = [
    Format {
        name: "text",
        print: |outcome| text::written(outcome, &text::Style::of_terminal()),
    },
    Format {
        name: "json",
        print: |outcome| to_json(outcome).to_string(),
    },
];

impl Format {
    /// As `SSOT_REPORT_FORMAT` says.
    pub(crate) fn of_environment() -> Result<Self, Unreadable> {
        let Some(asked) = settings::text("SSOT_REPORT_FORMAT")? else {
            return Ok(FORMATS[0]);
        };
        let format = FORMATS.into_iter().find(|format| format.name == asked);
        format.ok_or_else(|| Unreadable {
            what: format!("SSOT_REPORT_FORMAT is `{asked}`, which is no format of reports"),
            remedy: format!(
                "set SSOT_REPORT_FORMAT to {}, or unset it",
                FORMATS.map(|format| format.name).join(" or ")
            ),
        })
    }
}

/// The report in the format that the environment asks for.
pub(crate) fn printed(outcome: Outcome<'_>) -> String {
    // A format that does not exist has the check refused: that is told as text.
    let format = Format::of_environment().unwrap_or(FORMATS[0]);
    (format.print)(outcome)
}
