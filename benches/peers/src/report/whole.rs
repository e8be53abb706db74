use std::fmt::Write as _;

use super::Results;
use super::everything::everything;
use super::goals::goals;
use super::left_out::left_out;
use super::ratios::{by_shape, summary};
use crate::peers::OURS;

/// Everything that is known of a run, from its head to its last table.
#[must_use]
pub fn report(head: &str, results: &Results<'_>) -> String {
    let mut text = format!("{head}\n\n{}", everything(results));
    let mut section = |title: &str, body: &str| {
        if !body.is_empty() {
            write!(text, "\n{title}\n\n{body}").expect("a string can be written to");
        }
    };
    section("What a peer cannot express:", &left_out(results));
    section("The goals of the design:", &goals(results));
    section(
        &format!("Every shape, {OURS} being 1:"),
        &by_shape(results).unwrap_or_default(),
    );
    section(
        &format!("Every peer, {OURS} being 1:"),
        &summary(results).unwrap_or_default(),
    );
    text
}
