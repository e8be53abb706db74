//! What `ssot.toml` says, with the places where it says it.

use std::ops::Range;

/// A text of the configuration.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Text {
    pub(crate) value: String,
    /// Where it stands, where it comes from a file.
    pub(crate) span: Option<Range<usize>>,
}

impl Text {
    pub(crate) fn new(value: impl Into<String>) -> Self {
        Self {
            value: value.into(),
            span: None,
        }
    }

    pub(crate) fn as_str(&self) -> &str {
        &self.value
    }
}

/// Everything that an audit checks.
#[derive(Clone, Debug, Default)]
pub(crate) struct Config {
    pub(crate) settings: Settings,
    pub(crate) roles: Vec<Role>,
    pub(crate) redirects: Vec<Redirect>,
    pub(crate) superseded: Vec<Superseded>,
    pub(crate) unique: Vec<Unique>,
    pub(crate) payloads: Vec<Payload>,
    pub(crate) layers: Vec<Layers>,
    pub(crate) discover: Option<Discover>,
}

/// `[audit]`
#[derive(Clone, Debug, Default)]
pub(crate) struct Settings {
    /// Names of modules whose code is for tests only, beside the usual ones.
    pub(crate) test_modules: Vec<Text>,
    /// Whether `#[deprecated]` items are superseded.
    pub(crate) deprecated: bool,
    /// Whether files that say that a program wrote them are audited.
    pub(crate) generated: bool,
}

/// `[[role]]`: a trait with exactly these implementations, a type built only there.
#[derive(Clone, Debug, Default)]
pub(crate) struct Role {
    pub(crate) name: Text,
    pub(crate) of_trait: Option<Text>,
    pub(crate) implemented_by: Vec<Text>,
    pub(crate) implemented_by_macro: Vec<Text>,
    pub(crate) of_type: Option<Text>,
    pub(crate) built_in: Vec<Text>,
    /// Implementations and constructions there are no findings.
    pub(crate) allow_in: Vec<Text>,
    pub(crate) in_tests: bool,
}

/// `[[redirect]]`: modules that only re-export, and that nobody goes through.
#[derive(Clone, Debug, Default)]
pub(crate) struct Redirect {
    pub(crate) modules: Vec<Text>,
    pub(crate) to: Option<Text>,
    pub(crate) in_tests: bool,
}

/// `[[superseded]]`: items that are not to be used any more.
#[derive(Clone, Debug, Default)]
pub(crate) struct Superseded {
    pub(crate) items: Vec<Text>,
    pub(crate) by: Option<Text>,
    pub(crate) allow_in: Vec<Text>,
    pub(crate) since: Option<Text>,
    pub(crate) issue: Option<Text>,
    pub(crate) in_tests: bool,
}

/// `[[unique]]`: names that are defined once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Unique {
    pub(crate) names: Vec<Text>,
    /// A module; the workspace, where it is none.
    pub(crate) scope: Option<Text>,
    /// `reason: path`
    pub(crate) except: Vec<Text>,
    pub(crate) functions: bool,
}

/// `[[payload]]`: a type built in one place, and its names written in one place.
#[derive(Clone, Debug, Default)]
pub(crate) struct Payload {
    pub(crate) of_type: Option<Text>,
    pub(crate) built_in: Vec<Text>,
    pub(crate) names_in: Option<Text>,
    pub(crate) in_tests: bool,
}

/// `[[layers]]`: what may not use what.
#[derive(Clone, Debug, Default)]
pub(crate) struct Layers {
    pub(crate) name: Option<Text>,
    /// From the highest; those of one entry may use each other.
    pub(crate) order: Vec<Vec<Text>>,
    pub(crate) modules: Vec<Text>,
    pub(crate) may_not_use: Vec<Text>,
    pub(crate) in_tests: bool,
}

/// `[discover]`: a standing look-out.
#[derive(Clone, Debug, Default)]
pub(crate) struct Discover {
    /// In tenths.
    pub(crate) min_score: u32,
    /// `one <-> other: reason`
    pub(crate) known: Vec<Text>,
}

impl Config {
    /// Adds the rules of another configuration.
    pub(crate) fn extend(&mut self, other: Self) {
        self.settings.test_modules.extend(other.settings.test_modules);
        self.settings.deprecated |= other.settings.deprecated;
        self.settings.generated |= other.settings.generated;
        self.roles.extend(other.roles);
        self.redirects.extend(other.redirects);
        self.superseded.extend(other.superseded);
        self.unique.extend(other.unique);
        self.payloads.extend(other.payloads);
        self.layers.extend(other.layers);
        self.discover = other.discover.or(self.discover.take());
    }

    /// Whether there is nothing to check.
    pub(crate) fn is_empty(&self) -> bool {
        self.roles.is_empty()
            && self.redirects.is_empty()
            && self.superseded.is_empty()
            && self.unique.is_empty()
            && self.payloads.is_empty()
            && self.layers.is_empty()
            && self.discover.is_none()
            && !self.settings.deprecated
    }
}
