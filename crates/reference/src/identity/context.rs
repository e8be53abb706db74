use std::collections::BTreeMap;

use thiserror::Error;

use super::{RequestId, RequestIds, RunId, SessionId, ThreadId, UserId};

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

/// How many generations of children a context can have.
const MAX_DEPTH: u8 = 8;

/// The context of a run: valid ids of user, thread, run, session and request, and metadata, which never change.
///
/// A copy owns its metadata, so that metadata added for one run is not visible in another. What must happen when the work of a
/// context is over is registered in [`CleanUps`](crate::CleanUps), which belong to the one who does the work.
///
/// ```
/// use ssot_reference::{RequestIds, UserExecutionContext};
///
/// let context = UserExecutionContext::new(RequestIds {
///     user: "ada".into(),
///     thread: "thread-1".into(),
///     run: "run-1".into(),
///     session: "session-1".into(),
/// })?
/// .with_metadata("locale", "en");
/// let step = context.child("triage")?.with_metadata("step", "1");
/// assert_eq!((&**step.run(), step.depth()), ("run-1/triage", 1));
/// assert!(!context.metadata().contains_key("step"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserExecutionContext {
    ids: RequestIds,
    request: RequestId,
    depth: u8,
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
            request: RequestId::from(ids.run.as_str()),
            depth: 0,
            ids,
            metadata: BTreeMap::new(),
        })
    }

    /// Returns the context for this request. Without it, the request has the id of the run.
    ///
    /// # Errors
    ///
    /// Returns an error if the id is not valid, by the rules of [`new`](Self::new).
    pub fn for_request(mut self, request: RequestId) -> Result<Self, InvalidIdentity> {
        check("request", &request)?;
        self.request = request;
        Ok(self)
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

    /// Returns the context of a part of this run, which has the id `RUN/name` and a copy of the metadata.
    ///
    /// # Errors
    ///
    /// Returns an error if the context is a child of the eighth generation, so that work which starts itself again ends.
    pub fn child(&self, name: &str) -> Result<Self, TooDeep> {
        if self.depth >= MAX_DEPTH {
            return Err(TooDeep {
                run: self.ids.run.clone(),
            });
        }
        let mut child = self.clone();
        child.depth += 1;
        child.ids.run = RunId::new(format!("{}/{name}", self.ids.run));
        child
            .metadata
            .insert("parent_run".to_owned(), self.ids.run.to_string());
        Ok(child)
    }

    /// The number of generations above: 0 for a context that is no child.
    #[must_use]
    pub fn depth(&self) -> u8 {
        self.depth
    }

    /// The ids of user, thread, run and session.
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

    /// The connection or login.
    #[must_use]
    pub fn session(&self) -> &SessionId {
        &self.ids.session
    }

    /// The request.
    #[must_use]
    pub fn request(&self) -> &RequestId {
        &self.request
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

/// A context has too many generations above it for another child.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("the run `{run}` is {MAX_DEPTH} children deep, as deep as may be; start a run of its own instead")]
pub struct TooDeep {
    run: RunId,
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

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(user: &str) -> RequestIds {
        RequestIds {
            user: user.into(),
            thread: "thread-1".into(),
            run: "run-1".into(),
            session: "session-1".into(),
        }
    }

    fn context() -> UserExecutionContext {
        UserExecutionContext::new(ids("ada")).expect("the ids are valid")
    }

    #[test]
    fn a_placeholder_is_refused_whatever_its_length() {
        for placeholder in [
            "",
            "unknown",
            "unknown_user_5f3a9c0d2b7e4f61a8d3",
            "DEFAULT-0123456789",
            "a b",
            "none",
        ] {
            let refused = UserExecutionContext::new(ids(placeholder));
            assert!(refused.is_err(), "{placeholder:?} was accepted");
        }
        // A name in which such a word is a part of a word is a name.
        for name in ["nonette", "unknownst", "x", "defaults-are-mine"] {
            assert!(
                UserExecutionContext::new(ids(name)).is_ok(),
                "{name:?} was refused"
            );
        }
    }

    #[test]
    fn a_request_id_is_validated_as_the_others_are() {
        let refused = context()
            .for_request("undefined".into())
            .expect_err("a placeholder");
        assert_eq!(
            refused.to_string(),
            "the request id is a placeholder, for it has the word \"undefined\"; pass the id that the login gave"
        );
        let accepted = context().for_request("click-7".into()).expect("it is valid");
        assert_eq!(
            (&**accepted.request(), &**context().request()),
            ("click-7", "run-1")
        );
        assert_eq!(&**accepted.for_call(2).request(), "click-7");
    }

    #[test]
    fn what_a_child_adds_is_seen_by_neither_its_parent_nor_its_sibling() {
        let parent = context().with_metadata("locale", "en");
        let child = parent.child("a").expect("not deep").with_metadata("step", "1");
        let sibling = parent.child("b").expect("not deep");
        assert_eq!(child.metadata()["locale"], "en");
        assert!(!parent.metadata().contains_key("step") && !sibling.metadata().contains_key("step"));
        assert_eq!(sibling.metadata()["parent_run"], "run-1");
    }

    #[test]
    fn a_context_has_at_most_eight_generations_of_children() {
        let mut deepest = context();
        for _ in 0..MAX_DEPTH {
            deepest = deepest.child("s").expect("not yet too deep");
        }
        assert_eq!(deepest.depth(), MAX_DEPTH);
        let refused = deepest.child("s").expect_err("one too many");
        assert!(refused.to_string().contains("the run `run-1/s/s/"), "{refused}");
    }
}
