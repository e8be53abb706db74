use std::sync::Arc;

use super::user_permits::UserPermits;
use super::{AccountLookup, AccountStore, Config, Exchange, Metrics, Model, NoteWriter, ThreadStore, Tool};

/// What the engines of a factory share. Nothing in it belongs to one user: the stores are keyed by user and thread, and each
/// call of the model or of a tool gets the user's data as its arguments.
#[derive(Debug)]
pub struct Services {
    pub(super) config: Config,
    pub(super) model: Arc<dyn Model>,
    pub(super) tools: Vec<Arc<dyn Tool>>,
    pub(super) accounts: Arc<AccountStore>,
    pub(super) histories: ThreadStore<Exchange>,
    pub(super) transcripts: ThreadStore<Exchange>,
    pub(super) metrics: Arc<Metrics>,
    pub(super) permits: UserPermits,
}

impl Services {
    /// Creates empty stores, and the tools that use them.
    #[must_use]
    pub fn new(config: Config, model: Arc<dyn Model>) -> Self {
        let accounts = Arc::new(AccountStore::default());
        let notes = Arc::new(ThreadStore::new(config.entries_per_thread));
        Self {
            model,
            tools: vec![
                Arc::new(AccountLookup::new(Arc::clone(&accounts))),
                Arc::new(NoteWriter::new(notes)),
            ],
            accounts,
            histories: ThreadStore::new(config.entries_per_thread),
            transcripts: ThreadStore::new(config.entries_per_thread),
            metrics: Arc::default(),
            permits: UserPermits::new(config.runs_per_user),
            config,
        }
    }
}
