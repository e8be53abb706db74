//! A redirect of the builder: a module that only re-exports.

use std::path::PathBuf;

use super::leads_on::leads_on;
use super::{LayersRule, PayloadRule, RoleRule, SupersededRule, UniqueRule};
use crate::audit::Audit;
use crate::baseline::Mode;
use crate::config::{Redirect, Text};
use crate::error::Error;
use crate::report::{Failure, Report};

/// A redirect in the making: see [`Audit::redirect`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct RedirectRule {
    audit: Audit,
    rule: Redirect,
}

impl RedirectRule {
    pub(in crate::audit) fn new(audit: Audit, module: String) -> Self {
        let rule = Redirect {
            modules: vec![Text::new(module)],
            ..Redirect::default()
        };
        Self { audit, rule }
    }

    /// Another module of the same kind.
    pub fn and(mut self, module: impl Into<String>) -> Self {
        self.rule.modules.push(Text::new(module));
        self
    }

    /// What it redirects to.
    pub fn to(mut self, path: impl Into<String>) -> Self {
        self.rule.to = Some(Text::new(path));
        self
    }

    /// Test code counts too.
    pub fn in_tests(mut self) -> Self {
        self.rule.in_tests = true;
        self
    }

    fn end(mut self) -> Audit {
        self.audit.config.redirects.push(self.rule);
        self.audit
    }
}

leads_on!(RedirectRule);
