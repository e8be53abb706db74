use std::collections::BTreeMap;

use thiserror::Error;

use crate::user::{RunId, ThreadId, UserContext, UserId};

/// The longest id that is taken, in bytes.
const LONGEST_ID: usize = 128;

/// Words that stand in for an id that somebody did not have. A user is never called so.
const PLACEHOLDERS: [&str; 9] = [
    "anonymous",
    "default",
    "dummy",
    "nil",
    "none",
    "null",
    "placeholder",
    "undefined",
    "unknown",
];

/// For whom an engine works: four valid ids and metadata, none of which ever changes.
///
/// A copy owns its metadata, so that nothing written for one run shows in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserExecutionContext {
    ids: UserContext,
    metadata: BTreeMap<String, String>,
}

impl UserExecutionContext {
    /// Checks the ids.
    ///
    /// # Errors
    ///
    /// Where an id is empty, too long, not plain text, or a placeholder.
    pub fn new(ids: UserContext) -> Result<Self, InvalidIdentity> {
        check("user", &ids.user)?;
        check("thread", &ids.thread)?;
        check("run", &ids.run)?;
        check("session", &ids.session)?;
        Ok(Self {
            ids,
            metadata: BTreeMap::new(),
        })
    }

    /// The same context with one more entry of metadata.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// The context of an engine's call of this number, from 1. The first call is the run itself, a later one
    /// is a run of its own below it, with a copy of the metadata.
    #[must_use]
    pub fn for_call(&self, number: usize) -> Self {
        let mut child = self.clone();
        if number > 1 {
            child.ids.run = RunId::new(format!("{}.{number}", self.ids.run));
            child
                .metadata
                .insert("parent_run".to_owned(), self.ids.run.to_string());
        }
        child
    }

    /// All four ids.
    #[must_use]
    pub fn ids(&self) -> &UserContext {
        &self.ids
    }

    /// Who asks.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.ids.user
    }

    /// In which conversation.
    #[must_use]
    pub fn thread(&self) -> &ThreadId {
        &self.ids.thread
    }

    /// In which run.
    #[must_use]
    pub fn run(&self) -> &RunId {
        &self.ids.run
    }

    /// What else is known of the request.
    #[must_use]
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }
}

/// An identity with which no engine is created.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the {id} id {fault}; pass the id that the login gave")]
pub struct InvalidIdentity {
    id: &'static str,
    fault: Fault,
}

#[derive(Clone, Debug, PartialEq, Eq, Error)]
enum Fault {
    #[error("is empty")]
    Empty,
    #[error("is {0} bytes long, more than {LONGEST_ID}")]
    TooLong(usize),
    #[error("has the character {0:?}, which is not plain text")]
    Character(char),
    #[error("is a placeholder, for it has the word {0:?}")]
    Placeholder(&'static str),
}

fn check(id: &'static str, text: &str) -> Result<(), InvalidIdentity> {
    fault(text).map_or(Ok(()), |fault| Err(InvalidIdentity { id, fault }))
}

fn fault(text: &str) -> Option<Fault> {
    if text.is_empty() {
        return Some(Fault::Empty);
    }
    if text.len() > LONGEST_ID {
        return Some(Fault::TooLong(text.len()));
    }
    if let Some(odd) = text.chars().find(|&c| c.is_control() || c.is_whitespace()) {
        return Some(Fault::Character(odd));
    }
    // Word by word, whatever the length: `unknown_user_5f3a…` is as little a user as `unknown`.
    text.split(|c: char| !c.is_alphanumeric())
        .find_map(|word| {
            PLACEHOLDERS
                .iter()
                .find(|placeholder| word.eq_ignore_ascii_case(placeholder))
        })
        .map(|&placeholder| Fault::Placeholder(placeholder))
}
