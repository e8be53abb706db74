use std::collections::BTreeMap;

use thiserror::Error;

use super::{RequestIds, RunId, ThreadId, UserId};

/// The maximum length of an id, in bytes.
const MAX_ID_LEN: usize = 128;

/// Words that programs use in place of a missing id. No valid id contains one of them.
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

/// The context of a run: four valid ids and metadata, which never change.
///
/// A copy owns its metadata, so that metadata added for one run is not visible in another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserExecutionContext {
    ids: RequestIds,
    metadata: BTreeMap<String, String>,
}

impl UserExecutionContext {
    /// Validates the ids and creates a context without metadata.
    ///
    /// # Errors
    ///
    /// Returns an error if an id is empty, is too long, contains white space or a control character, or contains a
    /// placeholder word.
    pub fn new(ids: RequestIds) -> Result<Self, InvalidIdentity> {
        check("user", &ids.user)?;
        check("thread", &ids.thread)?;
        check("run", &ids.run)?;
        check("session", &ids.session)?;
        Ok(Self {
            ids,
            metadata: BTreeMap::new(),
        })
    }

    /// Returns the context with one more entry of metadata.
    #[must_use]
    pub fn with_metadata(mut self, key: impl Into<String>, value: impl Into<String>) -> Self {
        self.metadata.insert(key.into(), value.into());
        self
    }

    /// Returns the context of the `number`-th call of an engine, from 1. The first call is the run itself; a later call is a
    /// child run, with an id of its own and a copy of the metadata.
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
    pub fn ids(&self) -> &RequestIds {
        &self.ids
    }

    /// The user.
    #[must_use]
    pub fn user(&self) -> &UserId {
        &self.ids.user
    }

    /// The conversation.
    #[must_use]
    pub fn thread(&self) -> &ThreadId {
        &self.ids.thread
    }

    /// The run.
    #[must_use]
    pub fn run(&self) -> &RunId {
        &self.ids.run
    }

    /// Further information about the request.
    #[must_use]
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }
}

/// An id that is not valid, so that no engine is created for it.
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
    #[error("is {0} bytes long, more than {MAX_ID_LEN}")]
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
    if text.len() > MAX_ID_LEN {
        return Some(Fault::TooLong(text.len()));
    }
    if let Some(odd) = text.chars().find(|&c| c.is_control() || c.is_whitespace()) {
        return Some(Fault::Character(odd));
    }
    // Compared word by word: `unknown_user_5f3a…` is as invalid as `unknown`.
    text.split(|c: char| !c.is_alphanumeric())
        .find_map(|word| {
            PLACEHOLDERS
                .iter()
                .find(|placeholder| word.eq_ignore_ascii_case(placeholder))
        })
        .map(|&placeholder| Fault::Placeholder(placeholder))
}
