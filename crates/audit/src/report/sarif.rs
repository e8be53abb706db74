//! SARIF 2.1.0, for code scanning.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};
use serde_sarif::sarif::{
    ArtifactLocation, Invocation, Location, LogicalLocation, Message, MultiformatMessageString, Notification,
    PhysicalLocation, Region, ReportingDescriptor, Result as SarifResult, ResultLevel, Run, Sarif, Tool,
    ToolComponent,
};

use super::explain::explain;
use super::types::Report;
use crate::finding::{Finding, Label, Level, Rule, State};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

impl Report {
    /// The report as SARIF 2.1.0. Fingerprints hold no line numbers, so that a finding that moves in its file stays the same alert.
    #[must_use]
    #[expect(clippy::missing_panics_doc, reason = "it does not")]
    pub fn sarif(&self) -> Value {
        let driver = ToolComponent::builder()
            .name("cargo ssot audit")
            .semantic_version(env!("CARGO_PKG_VERSION"))
            .rules(Rule::ALL.into_iter().map(rule).collect::<Vec<_>>())
            .build();
        let notifications: Vec<Notification> = self
            .statistics
            .unread
            .iter()
            .map(|unread| notification(unread))
            .collect();
        let invocation = Invocation::builder()
            .execution_successful(self.statistics.unread.is_empty())
            .tool_execution_notifications(notifications)
            .build();
        let run = Run::builder()
            .tool(Tool::builder().driver(driver).build())
            .invocations(vec![invocation])
            .column_kind(json!("unicodeCodePoints"))
            .results(self.findings.iter().map(result).collect::<Vec<_>>())
            .build();
        let sarif = Sarif::builder()
            .version(json!("2.1.0"))
            .schema(SCHEMA)
            .runs(vec![run])
            .build();
        serde_json::to_value(sarif).expect("the types of SARIF have text keys only")
    }
}

fn notification(text: &str) -> Notification {
    Notification::builder()
        .level(json!("error"))
        .message(message(text))
        .build()
}

fn rule(rule: Rule) -> ReportingDescriptor {
    let whole = explain(rule);
    let first = whole.lines().next().unwrap_or_default();
    ReportingDescriptor::builder()
        .id(rule.id())
        .name(rule.name())
        .short_description(MultiformatMessageString::builder().text(first).build())
        .full_description(MultiformatMessageString::builder().text(whole).build())
        .build()
}

fn result(finding: &Finding) -> SarifResult {
    let level = match (finding.level, finding.state) {
        (Level::Note, _) | (_, State::Frozen) => ResultLevel::Note,
        (Level::Error, _) => ResultLevel::Error,
    };
    let state = match finding.state {
        State::New => "new",
        State::Frozen | State::Moved => "unchanged",
        State::Gone => "absent",
    };
    let mut fingerprints = BTreeMap::new();
    let item = format!("{}\t{}\t{}", finding.rule, finding.place, finding.target);
    fingerprints.insert("ssotItem/v1".to_owned(), item);
    fingerprints.insert("ssotShape/v1".to_owned(), finding.shape.clone());
    let mut text = finding.message.clone();
    for more in finding.notes.iter().chain(&finding.help) {
        text.push('\n');
        text.push_str(more);
    }
    let place = LogicalLocation::builder()
        .fully_qualified_name(&*finding.place)
        .build();
    let main = match finding.labels.first() {
        Some(label) => Location::builder()
            .physical_location(physical(label))
            .logical_locations(vec![place])
            .build(),
        None => Location::builder().logical_locations(vec![place]).build(),
    };
    let related: Vec<Location> = finding
        .labels
        .iter()
        .skip(1)
        .map(|label| {
            let text = if label.text.is_empty() {
                "here"
            } else {
                &label.text
            };
            Location::builder()
                .physical_location(physical(label))
                .message(message(text))
                .build()
        })
        .collect();
    SarifResult::builder()
        .rule_id(finding.rule.id())
        .level(level)
        .baseline_state(json!(state))
        .message(message(&text))
        .locations(vec![main])
        .related_locations(related)
        .partial_fingerprints(fingerprints)
        .build()
}

fn message(text: &str) -> Message {
    Message::builder().text(text).build()
}

fn physical(label: &Label) -> PhysicalLocation {
    let number = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    PhysicalLocation::builder()
        .artifact_location(ArtifactLocation::builder().uri(uri(&label.file)).build())
        .region(
            Region::builder()
                .start_line(number(label.line))
                .start_column(number(label.column))
                .end_line(number(label.line))
                .end_column(number(label.end_column))
                .build(),
        )
        .build()
}

/// A relative path as a reference of a URI.
fn uri(path: &str) -> String {
    let mut uri = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            write!(uri, "%{byte:02X}").expect("text can always be written to text");
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::uri;

    #[test]
    fn a_path_with_blanks_and_letters_beyond_ascii_is_a_reference_of_a_uri() {
        assert_eq!(uri("src/a-b_c.1~/x.rs"), "src/a-b_c.1~/x.rs");
        assert_eq!(uri("my src/é%.rs"), "my%20src/%C3%A9%25.rs");
    }
}
