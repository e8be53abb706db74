//! What an audit finds.

use std::fmt;

use serde::Serialize;

/// A kind of finding; its id never changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Rule {
    /// SSOT001: a second implementation of a role.
    SecondImplementation,
    /// SSOT002: a redirect that holds code.
    CodeInRedirect,
    /// SSOT003: a way past the place where a type is built, or through an old path.
    Bypass,
    /// SSOT004: a name that is defined twice.
    DuplicateDefinition,
    /// SSOT005: a use of something superseded.
    Superseded,
    /// SSOT006: a payload assembled, or its name written, outside its place.
    Payload,
    /// SSOT007: a module that uses one it may not use.
    Layer,
    /// SSOT008: what looks like competing implementations of one role.
    Competing,
    /// SSOT100: a finding of the baseline that is gone.
    Gone,
    /// SSOT101: a finding of the baseline that stands somewhere else now.
    Moved,
    /// SSOT200: a macro that may write an implementation.
    MacroImplementation,
}

impl Rule {
    /// Every rule, by id.
    pub const ALL: [Self; 11] = [
        Self::SecondImplementation,
        Self::CodeInRedirect,
        Self::Bypass,
        Self::DuplicateDefinition,
        Self::Superseded,
        Self::Payload,
        Self::Layer,
        Self::Competing,
        Self::Gone,
        Self::Moved,
        Self::MacroImplementation,
    ];

    /// Its id, for instance `SSOT003`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::SecondImplementation => "SSOT001",
            Self::CodeInRedirect => "SSOT002",
            Self::Bypass => "SSOT003",
            Self::DuplicateDefinition => "SSOT004",
            Self::Superseded => "SSOT005",
            Self::Payload => "SSOT006",
            Self::Layer => "SSOT007",
            Self::Competing => "SSOT008",
            Self::Gone => "SSOT100",
            Self::Moved => "SSOT101",
            Self::MacroImplementation => "SSOT200",
        }
    }

    /// Its name, in the words of the catalogue of violations where it has it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::SecondImplementation => "second-implementation",
            Self::CodeInRedirect => "code-in-redirect",
            Self::Bypass => "bypassed-path",
            Self::DuplicateDefinition => "duplicate-definition",
            Self::Superseded => "superseded-use",
            Self::Payload => "payload-outside-its-place",
            Self::Layer => "layer-violation",
            Self::Competing => "competing-implementations",
            Self::Gone => "baseline-gone",
            Self::Moved => "baseline-moved",
            Self::MacroImplementation => "implementation-by-macro",
        }
    }

    /// The rule with this id or name, in any letter case.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|rule| rule.id().eq_ignore_ascii_case(text) || rule.name().eq_ignore_ascii_case(text))
    }
}

impl fmt::Display for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

impl Serialize for Rule {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.id())
    }
}

/// How sure the audit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Confidence {
    /// The path is resolved, and stands where the language decides what it means.
    Exact,
    /// Only an import says it: nothing in the module uses the name.
    Import,
    /// It stands in the tokens of a macro call or of a macro.
    MacroTokens,
    /// A lead for a person. It never fails an audit.
    Lead,
}

/// How a finding counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Level {
    /// It fails the audit, unless the baseline has it.
    Error,
    /// It is told, and fails nothing.
    Note,
}

/// How a finding stands to the baseline.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum State {
    /// The baseline does not have it, or there is none.
    #[default]
    New,
    /// The baseline has it.
    Frozen,
    /// The baseline has it at another place.
    Moved,
    /// Only the baseline has it.
    Gone,
}

/// A place in the sources, with a word on it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Label {
    /// Below the workspace's folder, with slashes.
    pub file: String,
    /// In bytes from the file's beginning.
    pub start: usize,
    /// Behind its last byte.
    pub end: usize,
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// Behind its last character, from 1, in the same line.
    pub end_column: usize,
    /// What is said of it; may be empty.
    pub text: String,
}

/// One finding: one item that is not as the configuration says. Further places of the same kind in the same item are its labels.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Finding {
    /// What it is a finding of.
    pub rule: Rule,
    /// How it counts.
    pub level: Level,
    /// How sure the audit is.
    pub confidence: Confidence,
    /// How it stands to the baseline.
    pub state: State,
    /// In one line.
    pub message: String,
    /// The canonical path of the item that it stands in.
    pub place: String,
    /// The canonical path of what it is about.
    pub target: String,
    /// A hash of the item's tokens with names and literals blanked.
    pub shape: String,
    /// The first is the place itself.
    pub labels: Vec<Label>,
    /// Further facts.
    pub notes: Vec<String>,
    /// What to do.
    pub help: Option<String>,
}

impl Finding {
    /// Whether it fails an audit.
    #[must_use]
    pub fn fails(&self) -> bool {
        self.level == Level::Error && self.state != State::Frozen
    }
}
