//! What each finding means, and what it cannot see.

use crate::finding::Rule;

/// What a rule finds, how to settle a finding, and what it cannot see.
#[must_use]
pub fn explain(rule: Rule) -> &'static str {
    match rule {
        Rule::SecondImplementation => include_str!("explain/ssot001.txt"),
        Rule::CodeInRedirect => include_str!("explain/ssot002.txt"),
        Rule::Bypass => include_str!("explain/ssot003.txt"),
        Rule::DuplicateDefinition => include_str!("explain/ssot004.txt"),
        Rule::Superseded => include_str!("explain/ssot005.txt"),
        Rule::Payload => include_str!("explain/ssot006.txt"),
        Rule::Layer => include_str!("explain/ssot007.txt"),
        Rule::Competing => include_str!("explain/ssot008.txt"),
        Rule::Gone => include_str!("explain/ssot100.txt"),
        Rule::Moved => include_str!("explain/ssot101.txt"),
        Rule::MacroImplementation => include_str!("explain/ssot200.txt"),
    }
}
