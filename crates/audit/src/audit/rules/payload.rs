//! A payload of the builder: where it is assembled, and where it is named.

use std::path::PathBuf;

use super::leads_on::leads_on;
use super::{LayersRule, RedirectRule, RoleRule, SupersededRule, UniqueRule};
use crate::audit::Audit;
use crate::baseline::Mode;
use crate::config::{Payload, Text};
use crate::error::Error;
use crate::report::{Failure, Report};

/// A payload in the making: see [`Audit::payload`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct PayloadRule {
    audit: Audit,
    rule: Payload,
}

impl PayloadRule {
    pub(in crate::audit) fn new(audit: Audit, of_type: String) -> Self {
        let rule = Payload {
            of_type: Some(Text::new(of_type)),
            ..Payload::default()
        };
        Self { audit, rule }
    }

    /// A module, a type or a function that may build it, beside the type's own module.
    pub fn built_in(mut self, path: impl Into<String>) -> Self {
        self.rule.built_in.push(Text::new(path));
        self
    }

    /// The module whose constants are its names.
    pub fn names_in(mut self, module: impl Into<String>) -> Self {
        self.rule.names_in = Some(Text::new(module));
        self
    }

    /// Test code counts too.
    pub fn in_tests(mut self) -> Self {
        self.rule.in_tests = true;
        self
    }

    fn end(mut self) -> Audit {
        self.audit.config.payloads.push(self.rule);
        self.audit
    }
}

leads_on!(PayloadRule);
