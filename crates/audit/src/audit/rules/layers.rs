//! Separate modules of the builder.

use std::path::PathBuf;

use super::leads_on::leads_on;
use super::{PayloadRule, RedirectRule, RoleRule, SupersededRule, UniqueRule};
use crate::audit::Audit;
use crate::baseline::Mode;
use crate::config::{Layers, Text};
use crate::error::Error;
use crate::report::{Failure, Report};

/// Modules that may not use others, in the making: see [`Audit::separate`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct LayersRule {
    audit: Audit,
    rule: Layers,
}

impl LayersRule {
    pub(in crate::audit) fn new(audit: Audit, module: String) -> Self {
        let rule = Layers {
            modules: vec![Text::new(module)],
            ..Layers::default()
        };
        Self { audit, rule }
    }

    /// A module or an item that it may not use.
    pub fn from(mut self, path: impl Into<String>) -> Self {
        self.rule.may_not_use.push(Text::new(path));
        self
    }

    /// Test code counts too.
    pub fn in_tests(mut self) -> Self {
        self.rule.in_tests = true;
        self
    }

    fn end(mut self) -> Audit {
        self.audit.config.layers.push(self.rule);
        self.audit
    }
}

leads_on!(LayersRule);
