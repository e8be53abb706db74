//! Superseded items of the builder.

use std::path::PathBuf;

use super::leads_on::leads_on;
use super::{LayersRule, PayloadRule, RedirectRule, RoleRule, UniqueRule};
use crate::audit::Audit;
use crate::baseline::Mode;
use crate::config::{Superseded, Text};
use crate::error::Error;
use crate::report::{Failure, Report};

/// A superseded item in the making: see [`Audit::superseded`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct SupersededRule {
    audit: Audit,
    rule: Superseded,
}

impl SupersededRule {
    pub(in crate::audit) fn new(audit: Audit, item: String) -> Self {
        let rule = Superseded {
            items: vec![Text::new(item)],
            ..Superseded::default()
        };
        Self { audit, rule }
    }

    /// Another item of the same kind.
    pub fn and(mut self, item: impl Into<String>) -> Self {
        self.rule.items.push(Text::new(item));
        self
    }

    /// What has its place now.
    pub fn by(mut self, path: impl Into<String>) -> Self {
        self.rule.by = Some(Text::new(path));
        self
    }

    /// A module or an item that may still use it.
    pub fn allow_in(mut self, path: impl Into<String>) -> Self {
        self.rule.allow_in.push(Text::new(path));
        self
    }

    /// Since when, in any words.
    pub fn since(mut self, since: impl Into<String>) -> Self {
        self.rule.since = Some(Text::new(since));
        self
    }

    /// The issue of the migration.
    pub fn issue(mut self, issue: impl Into<String>) -> Self {
        self.rule.issue = Some(Text::new(issue));
        self
    }

    /// Test code counts too.
    pub fn in_tests(mut self) -> Self {
        self.rule.in_tests = true;
        self
    }

    fn end(mut self) -> Audit {
        self.audit.config.superseded.push(self.rule);
        self.audit
    }
}

leads_on!(SupersededRule);
