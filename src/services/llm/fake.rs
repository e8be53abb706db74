use std::collections::HashMap;
use std::fmt;
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use hyper::header::AUTHORIZATION;
use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

use super::Unmatched;
use super::fault::Fault;
use super::reply::{self, Reply, ReplyFileError};
use super::request::ModelRequest;
use super::script::{Answers, Found, Script, When};
use crate::trace::{Surface, User};
use crate::user::stands_alone;

/// The label of the secret that is a user's key.
const KEY: &str = "model key";

/// A fake of a model's API: see the [module](super). Clones are the same fake.
#[derive(Clone, Default)]
pub struct Llm {
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    scripts: Vec<Script>,
    users: Vec<User>,
    faults: Vec<Fault>,
    unmatched: Vec<String>,
    /// How many replies each user has had, for their ids.
    replies: HashMap<Option<usize>, u64>,
    requests: usize,
    listeners: Vec<Listener>,
}

/// A task that listens until its other end is dropped.
pub(super) struct Listener {
    pub(super) stop: oneshot::Sender<()>,
    pub(super) task: JoinHandle<()>,
}

impl Llm {
    /// A fake without scripts, which answers nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.state.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Begins a script for these requests. The first script that is for a request, and has a reply left, answers it.
    pub fn on(&self, when: When) -> ScriptBuilder<'_> {
        let name = format!("script {}", self.with(|state| state.scripts.len() + 1));
        ScriptBuilder {
            llm: self,
            name,
            when,
        }
    }

    /// Adds the scripts of a file, or of every file of a folder that ends in `.json` (`"fixtures/llm"`), by name.
    ///
    /// ```json
    /// { "scripts": [
    ///     { "containing": ["weather"], "model": "m", "replies": [
    ///         { "tool_calls": [{ "name": "get_weather", "arguments": { "city": "Oslo" } }] },
    ///         { "text": "It rains.", "usage": { "input": 12, "output": 3 } } ] },
    ///     { "replies": [{ "status": 429, "retry_after": 2 }, { "chunks": ["He", "llo"], "delay_ms": 20, "cut_after": 3 }], "repeat": true }
    /// ] }
    /// ```
    ///
    /// # Errors
    ///
    /// Where a file cannot be read, or holds something else.
    pub fn load(&self, path: impl AsRef<Path>) -> Result<(), ReplyFileError> {
        for (file, scripts) in reply::read(path.as_ref())? {
            for (number, script) in scripts.scripts.into_iter().enumerate() {
                let mut when = When::any();
                when = script.containing.into_iter().fold(when, When::and_containing);
                if let Some(model) = script.model {
                    when = when.model(model);
                }
                let answers = Answers::InSequence {
                    replies: script.replies.into_iter().map(Reply::in_words).collect(),
                    is_repeated: script.repeat,
                    had: HashMap::new(),
                };
                let name = format!("{}, script {}", file.display(), number + 1);
                self.with(|state| state.scripts.push(Script { name, when, answers }));
            }
        }
        Ok(())
    }

    /// Has the search choose among these faults before each reply, and among pauses and cuts before each frame. Under the clock of a check: elsewhere, timers are late by
    /// themselves.
    #[must_use]
    pub fn with_faults(self, faults: impl IntoIterator<Item = Fault>) -> Self {
        self.with(|state| state.faults = faults.into_iter().collect());
        self
    }

    /// How many requests came.
    #[must_use]
    pub fn requests(&self) -> usize {
        self.with(|state| state.requests)
    }

    /// The models of which scripts name one.
    pub(super) fn models(&self) -> Vec<String> {
        self.with(|state| {
            let mut models: Vec<_> = state
                .scripts
                .iter()
                .filter_map(|script| script.when.model_named())
                .collect();
            models.sort();
            models.dedup();
            models
        })
    }

    /// Whether every request was answered by a script.
    ///
    /// # Errors
    ///
    /// Those that none answered, each with the nearest script and what differed.
    pub fn verify(&self) -> Result<(), Unmatched> {
        Unmatched::of(self.with(|state| state.unmatched.clone()))
    }

    /// Makes the user known, and returns the key of its requests.
    pub(super) fn know(&self, user: &User) -> String {
        let key = user.secret(KEY);
        self.with(|state| {
            if !state.users.iter().any(|known| known.index() == user.index()) {
                state.users.push(user.clone());
            }
        });
        key
    }

    pub(super) fn keep(&self, listener: Listener) {
        self.with(|state| state.listeners.push(listener));
    }

    pub(super) fn take_listeners(&self) -> Vec<Listener> {
        self.with(|state| std::mem::take(&mut state.listeners))
    }

    pub(super) fn faults(&self) -> Vec<Fault> {
        self.with(|state| state.faults.clone())
    }

    /// The reply to a request, and a number that tells it from the other replies to its user. The request is observed.
    ///
    /// # Errors
    ///
    /// Where no script answers it: the nearest one, and what differs.
    pub(super) fn answer(&self, request: &mut ModelRequest) -> Result<(Reply, u64), String> {
        let (found, number) = self.with(|state| {
            state.requests += 1;
            if let Some(user) = sender(request, &state.users) {
                request.user = Some(user.index());
                let seen = json!({ "api": request.api().name(), "request": request.body() });
                user.saw(Surface::Http, &seen);
            }
            let found = state.find(request);
            if let Err(what) = &found {
                state.unmatched.push(what.clone());
            }
            let number = state.replies.entry(request.user).or_default();
            *number += 1;
            (found, *number)
        });
        let reply = match found? {
            Found::Reply(reply) => *reply,
            // It may ask the fake for something.
            Found::By(answer) => answer(request),
        };
        Ok((reply, number))
    }
}

impl State {
    fn find(&mut self, request: &ModelRequest) -> Result<Found, String> {
        let mut nearest: Option<(&str, Vec<String>)> = None;
        for script in &mut self.scripts {
            match script.answer(request) {
                Ok(found) => return Ok(found),
                Err(differences) => {
                    let known = nearest.as_ref().map(|(_, known)| known.len());
                    if known.is_none_or(|known| differences.len() < known) {
                        nearest = Some((&script.name, differences));
                    }
                }
            }
        }
        Err(unmatched(request, nearest))
    }
}

impl fmt::Debug for Llm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Llm").finish_non_exhaustive()
    }
}

/// Whose a request is: by a header, else by its key, else by what it holds.
fn sender<'u>(request: &ModelRequest, users: &'u [User]) -> Option<&'u User> {
    let ways = [has_header_of, has_key_of, has_content_of];
    ways.iter()
        .find_map(|is_of| users.iter().find(|user| is_of(request, user)))
}

fn has_header_of(request: &ModelRequest, user: &User) -> bool {
    let mut values = request.headers.values();
    values.any(|value| value.as_bytes() == user.id().as_str().as_bytes())
}

fn has_key_of(request: &ModelRequest, user: &User) -> bool {
    let key = user.secret(KEY);
    let keys = [AUTHORIZATION.as_str(), "x-api-key", "api-key"];
    keys.iter().any(|name| {
        let value = request.headers.get(*name).and_then(|value| value.to_str().ok());
        value.is_some_and(|value| value.ends_with(&key))
    })
}

fn has_content_of(request: &ModelRequest, user: &User) -> bool {
    let body = request.body().to_string();
    let id = user.id().as_str();
    body.match_indices(id)
        .any(|(at, _)| stands_alone(body.as_bytes(), at..at + id.len()))
        || user.secrets().iter().any(|secret| body.contains(secret))
}

fn unmatched(request: &ModelRequest, nearest: Option<(&str, Vec<String>)>) -> String {
    let last = request.last_message();
    let asked = format!(
        "a {} of the model {:?}, whose last message is {last:?}",
        request.api().name(),
        request.model()
    );
    match nearest {
        None => format!("no script answers {asked}: there are no scripts, add one with `on` or `load`"),
        Some((name, differences)) => {
            format!(
                "no script answers {asked}; the nearest is {name}: {}",
                differences.join("; ")
            )
        }
    }
}

/// A script that has no answer yet: see [`Llm::on`].
#[derive(Debug)]
#[must_use = "a script without an answer is none"]
pub struct ScriptBuilder<'l> {
    llm: &'l Llm,
    name: String,
    when: When,
}

impl ScriptBuilder<'_> {
    /// Calls the script so where it is named.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Answers always with this.
    pub fn reply(self, reply: impl Into<Reply>) {
        self.in_sequence(vec![reply.into()], true);
    }

    /// Answers with these one after another, for each user by itself, and then no more.
    pub fn replies<R: Into<Reply>>(self, replies: impl IntoIterator<Item = R>) {
        self.in_sequence(replies.into_iter().map(Into::into).collect(), false);
    }

    /// Answers with what a function makes of the request.
    pub fn answer(self, answer: impl Fn(&ModelRequest) -> Reply + Send + Sync + 'static) {
        self.add(Answers::By(Arc::new(answer)));
    }

    fn in_sequence(self, replies: Vec<Reply>, is_repeated: bool) {
        self.add(Answers::InSequence {
            replies,
            is_repeated,
            had: HashMap::new(),
        });
    }

    fn add(self, answers: Answers) {
        let Self { llm, name, when } = self;
        llm.with(|state| state.scripts.push(Script { name, when, answers }));
    }
}
