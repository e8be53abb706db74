//! Unique names of the builder.

use std::path::PathBuf;

use super::leads_on::leads_on;
use super::{LayersRule, PayloadRule, RedirectRule, RoleRule, SupersededRule};
use crate::audit::Audit;
use crate::baseline::Mode;
use crate::config::{Text, Unique};
use crate::error::Error;
use crate::report::{Failure, Report};

/// A unique name in the making: see [`Audit::unique`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct UniqueRule {
    audit: Audit,
    rule: Unique,
}

impl UniqueRule {
    pub(in crate::audit) fn new(audit: Audit, name: String) -> Self {
        let rule = Unique {
            names: vec![Text::new(name)],
            ..Unique::default()
        };
        Self { audit, rule }
    }

    /// Another name.
    pub fn and(mut self, name: impl Into<String>) -> Self {
        self.rule.names.push(Text::new(name));
        self
    }

    /// The module within which it is defined once; the workspace, if this is not called.
    pub fn within(mut self, module: impl Into<String>) -> Self {
        self.rule.scope = Some(Text::new(module));
        self
    }

    /// Definitions whose path fits this pattern do not count, for this reason.
    pub fn except(mut self, pattern: &str, reason: &str) -> Self {
        self.rule.except.push(Text::new(format!("{reason}: {pattern}")));
        self
    }

    /// Functions count too.
    pub fn functions(mut self) -> Self {
        self.rule.functions = true;
        self
    }

    fn end(mut self) -> Audit {
        self.audit.config.unique.push(self.rule);
        self.audit
    }
}

leads_on!(UniqueRule);
