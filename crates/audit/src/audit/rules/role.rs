//! A role of the builder: who implements it, and where its type is built.

use std::path::PathBuf;

use super::leads_on::leads_on;
use super::{LayersRule, PayloadRule, RedirectRule, SupersededRule, UniqueRule};
use crate::audit::Audit;
use crate::baseline::Mode;
use crate::config::{Role, Text};
use crate::error::Error;
use crate::report::{Failure, Report};

/// A role in the making: see [`Audit::role`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct RoleRule {
    audit: Audit,
    rule: Role,
}

impl RoleRule {
    pub(in crate::audit) fn new(audit: Audit, name: String) -> Self {
        let rule = Role {
            name: Text::new(name),
            ..Role::default()
        };
        Self { audit, rule }
    }

    /// The trait that stands for the role.
    pub fn of_trait(mut self, path: impl Into<String>) -> Self {
        self.rule.of_trait = Some(Text::new(path));
        self
    }

    /// A type that implements the role; the first is also the one whose construction [`built_in`](Self::built_in) restricts.
    pub fn only(mut self, path: impl Into<String>) -> Self {
        let path = Text::new(path);
        self.rule.of_type.get_or_insert_with(|| path.clone());
        self.rule.implemented_by.push(path);
        self
    }

    /// A macro whose implementations are meant.
    pub fn by_macro(mut self, path: impl Into<String>) -> Self {
        self.rule.implemented_by_macro.push(Text::new(path));
        self
    }

    /// The type whose construction is restricted, where it is not the implementation.
    pub fn of_type(mut self, path: impl Into<String>) -> Self {
        self.rule.of_type = Some(Text::new(path));
        self
    }

    /// A module, a type or a function that may build the type, beside the type's own module.
    pub fn built_in(mut self, path: impl Into<String>) -> Self {
        self.rule.built_in.push(Text::new(path));
        self
    }

    /// A module whose implementations and constructions are no findings: adapters, legacy versions that are kept on purpose.
    pub fn allow_in(mut self, path: impl Into<String>) -> Self {
        self.rule.allow_in.push(Text::new(path));
        self
    }

    /// Test code counts too.
    pub fn in_tests(mut self) -> Self {
        self.rule.in_tests = true;
        self
    }

    fn end(mut self) -> Audit {
        // `only` without a trait says which type is built, and nothing of who implements.
        if self.rule.of_trait.is_none() {
            self.rule.implemented_by.clear();
        }
        self.audit.config.roles.push(self.rule);
        self.audit
    }
}

leads_on!(RoleRule);
