//! The rules of the builder: each leads on to the next, and to the end.

use std::path::PathBuf;

use super::builder::Audit;
use crate::baseline::Mode;
use crate::config::{Layers, Payload, Redirect, Role, Superseded, Text, Unique};
use crate::error::Error;
use crate::report::{Failure, Report};

/// What every rule leads on to.
macro_rules! leads_on {
    ($rule:ident) => {
        impl $rule {
            /// See [`Audit::role`].
            pub fn role(self, name: impl Into<String>) -> RoleRule {
                self.end().role(name)
            }

            /// See [`Audit::redirect`].
            pub fn redirect(self, module: impl Into<String>) -> RedirectRule {
                self.end().redirect(module)
            }

            /// See [`Audit::superseded`].
            pub fn superseded(self, item: impl Into<String>) -> SupersededRule {
                self.end().superseded(item)
            }

            /// See [`Audit::unique`].
            pub fn unique(self, name: impl Into<String>) -> UniqueRule {
                self.end().unique(name)
            }

            /// See [`Audit::payload`].
            pub fn payload(self, of_type: impl Into<String>) -> PayloadRule {
                self.end().payload(of_type)
            }

            /// See [`Audit::layers`].
            pub fn layers<T: Into<String>>(self, order: impl IntoIterator<Item = T>) -> Audit {
                self.end().layers(order)
            }

            /// See [`Audit::separate`].
            pub fn separate(self, module: impl Into<String>) -> LayersRule {
                self.end().separate(module)
            }

            /// See [`Audit::baseline`].
            pub fn baseline(self, path: impl Into<PathBuf>) -> Audit {
                self.end().baseline(path)
            }

            /// See [`Audit::mode`].
            pub fn mode(self, mode: Mode) -> Audit {
                self.end().mode(mode)
            }

            /// See [`Audit::check`].
            ///
            /// # Errors
            ///
            /// As [`Audit::check`].
            pub fn check(self) -> Result<Report, Failure> {
                self.end().check()
            }

            /// See [`Audit::run`].
            ///
            /// # Errors
            ///
            /// As [`Audit::run`].
            pub fn run(self) -> Result<Report, Error> {
                self.end().run()
            }
        }
    };
}

/// A role in the making: see [`Audit::role`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct RoleRule {
    audit: Audit,
    rule: Role,
}

impl RoleRule {
    pub(super) fn new(audit: Audit, name: String) -> Self {
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

/// A redirect in the making: see [`Audit::redirect`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct RedirectRule {
    audit: Audit,
    rule: Redirect,
}

impl RedirectRule {
    pub(super) fn new(audit: Audit, module: String) -> Self {
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

/// A superseded item in the making: see [`Audit::superseded`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct SupersededRule {
    audit: Audit,
    rule: Superseded,
}

impl SupersededRule {
    pub(super) fn new(audit: Audit, item: String) -> Self {
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

/// A unique name in the making: see [`Audit::unique`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct UniqueRule {
    audit: Audit,
    rule: Unique,
}

impl UniqueRule {
    pub(super) fn new(audit: Audit, name: String) -> Self {
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

/// A payload in the making: see [`Audit::payload`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct PayloadRule {
    audit: Audit,
    rule: Payload,
}

impl PayloadRule {
    pub(super) fn new(audit: Audit, of_type: String) -> Self {
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

/// Modules that may not use others, in the making: see [`Audit::separate`].
#[derive(Clone, Debug)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct LayersRule {
    audit: Audit,
    rule: Layers,
}

impl LayersRule {
    pub(super) fn new(audit: Audit, module: String) -> Self {
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

leads_on!(RoleRule);
leads_on!(RedirectRule);
leads_on!(SupersededRule);
leads_on!(UniqueRule);
leads_on!(PayloadRule);
leads_on!(LayersRule);
