use std::path::PathBuf;

use super::rules::{LayersRule, PayloadRule, RedirectRule, RoleRule, SupersededRule, UniqueRule};
use crate::baseline::Mode;
use crate::config::{Config, Discover, Text};

/// The configuration of a workspace, at its root.
pub const CONFIGURATION: &str = "ssot.toml";

/// The baseline of a workspace, at its root.
pub const BASELINE: &str = "ssot.lock";

/// An audit in the making.
#[derive(Clone, Debug, Default)]
#[must_use = "an audit does nothing until `check` or `run` is called"]
pub struct Audit {
    pub(super) folder: Option<PathBuf>,
    /// Whether `ssot.toml` is read.
    pub(super) configured: bool,
    pub(crate) config: Config,
    pub(super) baseline: Option<PathBuf>,
    pub(super) mode: Mode,
    pub(super) locked: Option<bool>,
}

/// An audit of the workspace around the current folder, without rules.
///
/// In a test that is the package under test. Add rules, then call [`check`](Audit::check):
///
/// ```no_run
/// # /*
/// #[test]
/// # */
/// fn one_engine() -> ssot_audit::Verdict {
///     ssot_audit::audit()
///         .role("execution engine")
///         .of_trait("app::engine::ExecutionEngine")
///         .only("app::engine::UserExecutionEngine")
///         .built_in("app::engine::factory")
///         .redirect("app::supervisor::execution_engine")
///         .to("app::engine")
///         .check()
/// }
/// # one_engine().unwrap();
/// ```
pub fn audit() -> Audit {
    Audit::default()
}

impl Audit {
    /// Audits the workspace around this folder instead.
    pub fn at(mut self, folder: impl Into<PathBuf>) -> Self {
        self.folder = Some(folder.into());
        self
    }

    /// Takes the rules of `ssot.toml` at the root of the workspace too, which must be there, and its baseline `ssot.lock`.
    pub fn configured(mut self) -> Self {
        self.configured = true;
        self
    }

    /// A role: a trait with exactly the implementations named, a type built only in the modules named.
    pub fn role(self, name: impl Into<String>) -> RoleRule {
        RoleRule::new(self, name.into())
    }

    /// A module that may only re-export, and that nobody goes through.
    pub fn redirect(self, module: impl Into<String>) -> RedirectRule {
        RedirectRule::new(self, module.into())
    }

    /// A module or an item that is not to be used any more.
    pub fn superseded(self, item: impl Into<String>) -> SupersededRule {
        SupersededRule::new(self, item.into())
    }

    /// A name that is defined once; `*` stands for any text.
    pub fn unique(self, name: impl Into<String>) -> UniqueRule {
        UniqueRule::new(self, name.into())
    }

    /// A type that is built in one place, and whose names are written in one place.
    pub fn payload(self, of_type: impl Into<String>) -> PayloadRule {
        PayloadRule::new(self, of_type.into())
    }

    /// Modules from the highest to the lowest: each may use those behind it.
    pub fn layers<T: Into<String>>(mut self, order: impl IntoIterator<Item = T>) -> Self {
        let order = order.into_iter().map(|module| vec![Text::new(module)]).collect();
        self.config.layers.push(crate::config::Layers {
            order,
            ..crate::config::Layers::default()
        });
        self
    }

    /// A module that may not use another.
    pub fn separate(self, module: impl Into<String>) -> LayersRule {
        LayersRule::new(self, module.into())
    }

    /// Every `#[deprecated]` item of the workspace is superseded.
    pub fn deprecated(mut self) -> Self {
        self.config.settings.deprecated = true;
        self
    }

    /// Fails where something looks like competing implementations of one role, with at least this score, which is 4 as a rule.
    /// Pairs that are known have a reason each: `one <-> other: reason`.
    pub fn discover<T: Into<String>>(mut self, min_score: u32, known: impl IntoIterator<Item = T>) -> Self {
        self.config.discover = Some(Discover {
            min_score: min_score.saturating_mul(10),
            known: known.into_iter().map(Text::new).collect(),
        });
        self
    }

    /// Code in modules of this name is for tests only, beside the usual names (`tests`, `testing`, `mocks` and the like).
    pub fn test_modules(mut self, name: impl Into<String>) -> Self {
        self.config.settings.test_modules.push(Text::new(name));
        self
    }

    /// Files that say that a program wrote them are audited too.
    pub fn generated(mut self) -> Self {
        self.config.settings.generated = true;
        self
    }

    /// The file of known findings, which must be there: below the root of the workspace, unless it is absolute.
    pub fn baseline(mut self, path: impl Into<PathBuf>) -> Self {
        self.baseline = Some(path.into());
        self
    }

    /// What becomes of the baseline. Nothing is written unless this says so; it is locked where `CI` is set.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.locked = Some(mode.locked);
        self.mode = mode;
        self
    }
}
