//! For programs.

use serde_json::{Value, json};

use super::types::Report;

impl Report {
    /// The report as JSON: `version`, `ok`, `findings`, `statistics`, `baseline`.
    #[must_use]
    pub fn json(&self) -> Value {
        json!({
            "version": 1,
            "ok": !self.fails(),
            "findings": self.findings,
            "statistics": self.statistics,
            "baseline": self.baseline,
        })
    }
}
