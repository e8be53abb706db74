//! Annotations of GitHub's workflows.

use std::fmt::Write as _;

use super::types::Report;
use crate::finding::{Level, State};

impl Report {
    /// One workflow command for each finding that the baseline does not have, and the summary.
    #[must_use]
    pub fn github(&self) -> String {
        let mut text = String::new();
        for finding in self
            .findings
            .iter()
            .filter(|finding| finding.state != State::Frozen)
        {
            let level = match finding.level {
                Level::Error => "error",
                Level::Note => "notice",
            };
            let mut properties = vec![format!("title={}", property(finding.rule.id()))];
            if let Some(label) = finding.labels.first() {
                properties.insert(0, format!("endColumn={}", label.end_column));
                properties.insert(0, format!("col={}", label.column));
                properties.insert(0, format!("line={}", label.line));
                properties.insert(0, format!("file={}", property(&label.file)));
            }
            let mut message = finding.message.clone();
            for more in finding.notes.iter().chain(&finding.help) {
                message.push('\n');
                message.push_str(more);
            }
            writeln!(text, "::{level} {}::{}", properties.join(","), escaped(&message))
                .expect("text can always be written to text");
        }
        for unread in &self.statistics.unread {
            writeln!(text, "::error title=not audited::{}", escaped(unread))
                .expect("text can always be written to text");
        }
        text + &self.summary()
    }
}

fn escaped(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    escaped(text).replace(':', "%3A").replace(',', "%2C")
}
