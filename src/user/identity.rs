use super::UserContext;

const NAMES: [&str; 16] = [
    "ada", "ben", "cleo", "dan", "eva", "finn", "gwen", "hugo", "iris", "jack", "kira", "liam", "mona",
    "noah", "olga", "paul",
];

/// One user of a [`Population`](super::Population).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    index: usize,
    name: String,
    context: UserContext,
}

impl Identity {
    pub(super) fn new(index: usize, context: UserContext) -> Self {
        let name = name(index);
        Self { index, name, context }
    }

    /// The user's place in the population, from 0.
    pub(crate) fn index(&self) -> usize {
        self.index
    }

    /// What reports call the user; the same under every identity seed.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn context(&self) -> &UserContext {
        &self.context
    }
}

/// What reports call the user at `index`: a short human name, or `user17` and so on where names run out.
pub(crate) fn name(index: usize) -> String {
    NAMES
        .get(index)
        .map_or_else(|| format!("user{}", index + 1), |&name| name.to_owned())
}
