use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use super::reply::Reply;
use super::request::{Api, ModelRequest};
use crate::trace::User;

/// Which requests a script answers.
#[derive(Clone, Debug, Default)]
pub struct When {
    user: Option<(usize, String)>,
    texts: Vec<String>,
    model: Option<String>,
    api: Option<Api>,
}

impl When {
    /// Every request.
    #[must_use]
    pub fn any() -> Self {
        Self::default()
    }

    /// Those of this user: see [whose a request is](super#whose-a-request-is).
    #[must_use]
    pub fn user(user: &User) -> Self {
        Self {
            user: Some((user.index(), user.name().to_owned())),
            ..Self::default()
        }
    }

    /// Those in whose messages or instructions this text stands.
    #[must_use]
    pub fn containing(text: impl Into<String>) -> Self {
        Self::any().and_containing(text)
    }

    /// Those that hold this text, too.
    #[must_use]
    pub fn and_containing(mut self, text: impl Into<String>) -> Self {
        self.texts.push(text.into());
        self
    }

    /// Those that ask for this model.
    #[must_use]
    pub fn model(mut self, model: impl Into<String>) -> Self {
        self.model = Some(model.into());
        self
    }

    /// Those by this API.
    #[must_use]
    pub fn api(mut self, api: Api) -> Self {
        self.api = Some(api);
        self
    }

    pub(super) fn model_named(&self) -> Option<String> {
        self.model.clone()
    }

    /// In what a request differs from those that are meant.
    fn differences(&self, request: &ModelRequest) -> Vec<String> {
        let mut differences = Vec::new();
        if let Some((index, name)) = &self.user
            && request.user != Some(*index)
        {
            let whose = if request.user.is_some() {
                "another user"
            } else {
                "nobody that is known"
            };
            differences.push(format!("it is for {name}, and the request is of {whose}"));
        }
        let text = request.text();
        let missing = self.texts.iter().filter(|wanted| !text.contains(&***wanted));
        differences.extend(missing.map(|wanted| format!("{wanted:?} does not stand in the request")));
        if let Some(model) = &self.model
            && model != request.model()
        {
            differences.push(format!(
                "it is for the model {model:?}, and {:?} was asked for",
                request.model()
            ));
        }
        if let Some(api) = self.api
            && api != request.api()
        {
            differences.push(format!(
                "it is for a {}, and a {} was asked for",
                api.name(),
                request.api().name()
            ));
        }
        differences
    }
}

pub(super) type Answer = Arc<dyn Fn(&ModelRequest) -> Reply + Send + Sync>;

/// What a script answers with.
pub(super) enum Answers {
    /// One after another, for each user by itself.
    InSequence {
        replies: Vec<Reply>,
        is_repeated: bool,
        /// How many each user has had.
        had: HashMap<Option<usize>, usize>,
    },
    By(Answer),
}

/// Requests, and what they are answered with.
pub(super) struct Script {
    pub(super) name: String,
    pub(super) when: When,
    pub(super) answers: Answers,
}

/// What a script has for a request.
pub(super) enum Found {
    Reply(Box<Reply>),
    By(Answer),
}

impl Script {
    /// What it has for a request; else in what the request differs from those that it is for.
    pub(super) fn answer(&mut self, request: &ModelRequest) -> Result<Found, Vec<String>> {
        let differences = self.when.differences(request);
        if !differences.is_empty() {
            return Err(differences);
        }
        match &mut self.answers {
            Answers::By(answer) => Ok(Found::By(Arc::clone(answer))),
            Answers::InSequence {
                replies,
                is_repeated,
                had,
            } => {
                let had = had.entry(request.user).or_default();
                let last = if *is_repeated { replies.last() } else { None };
                let Some(reply) = replies.get(*had).or(last) else {
                    return Err(vec![format!(
                        "all of its {} replies have been given",
                        replies.len()
                    )]);
                };
                *had += 1;
                Ok(Found::Reply(Box::new(reply.clone())))
            }
        }
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Script")
            .field("name", &self.name)
            .field("when", &self.when)
            .finish_non_exhaustive()
    }
}
