use std::collections::BTreeMap;
use std::sync::{Arc, Weak};

use super::{CloseError, CreateError, ExecutionEngine, Guarded, Live};
use crate::user::UserId;

/// Knows the engines of every user, without keeping them alive.
#[derive(Debug)]
pub struct Registry {
    limit: usize,
    engines: Arc<Guarded<Engines>>,
}

#[derive(Debug, Default)]
struct Engines {
    shut: bool,
    next: u64,
    /// `None` for an engine that is being made.
    of: BTreeMap<UserId, BTreeMap<u64, Option<Weak<dyn ExecutionEngine>>>>,
}

impl Registry {
    /// A registry that grants each user this many engines at once.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            engines: Arc::default(),
        }
    }

    /// Takes a place for one more engine of this user's, which is free again when the slot is dropped.
    ///
    /// # Errors
    ///
    /// Where the user has as many as the limit allows, or the registry is shut.
    pub fn reserve(&self, user: &UserId) -> Result<Slot, CreateError> {
        // Counted and taken under one lock, or two creations at once would both find the last place free.
        self.engines.with(|engines| {
            if engines.shut {
                return Err(CreateError::ShutDown);
            }
            let own = engines.of.entry(user.clone()).or_default();
            if own.len() >= self.limit {
                return Err(CreateError::LimitReached { limit: self.limit });
            }
            engines.next += 1;
            own.insert(engines.next, None);
            Ok(Slot {
                user: user.clone(),
                number: engines.next,
                engines: Arc::clone(&self.engines),
            })
        })
    }

    /// Closes every engine of this user's.
    ///
    /// # Errors
    ///
    /// Tells of the background tasks of all of them that did not end well.
    pub async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        let own = self
            .engines
            .with(|engines| engines.of.get(user).map(living).unwrap_or_default());
        close_all(own).await
    }

    /// Refuses new engines from now on, also those being made, and closes every engine.
    ///
    /// # Errors
    ///
    /// Tells of the background tasks of all of them that did not end well.
    pub async fn shut_down(&self) -> Result<(), CloseError> {
        let all = self.engines.with(|engines| {
            engines.shut = true;
            engines.of.values().flat_map(living).collect()
        });
        close_all(all).await
    }

    /// What the engines hold, and how many there are.
    #[must_use]
    pub fn live(&self) -> Live {
        // Looked into outside of the lock: an engine whose last owner is this call is dropped here, and takes
        // it.
        let (count, living) = self.engines.with(|engines| {
            let count = engines.of.values().map(BTreeMap::len).sum();
            (count, engines.of.values().flat_map(living).collect::<Vec<_>>())
        });
        let held = living.iter().map(|engine| engine.live()).sum();
        Live {
            engines: count,
            ..Live::default()
        } + held
    }
}

fn living(own: &BTreeMap<u64, Option<Weak<dyn ExecutionEngine>>>) -> Vec<Arc<dyn ExecutionEngine>> {
    own.values().flatten().filter_map(Weak::upgrade).collect()
}

async fn close_all(engines: Vec<Arc<dyn ExecutionEngine>>) -> Result<(), CloseError> {
    let mut left = CloseError {
        aborted: 0,
        panicked: 0,
    };
    for engine in engines {
        if let Err(error) = engine.close().await {
            left.aborted += error.aborted;
            left.panicked += error.panicked;
        }
    }
    left.none_or_err()
}

/// A user's place for one engine. The engine owns it, so that the place is free when the engine is gone.
#[derive(Debug)]
pub struct Slot {
    user: UserId,
    number: u64,
    engines: Arc<Guarded<Engines>>,
}

impl Slot {
    /// Puts an engine into the place.
    ///
    /// # Errors
    ///
    /// Where the registry was shut while the engine was made.
    pub fn install<E>(self, build: impl FnOnce(Self) -> E) -> Result<Arc<dyn ExecutionEngine>, CreateError>
    where
        E: ExecutionEngine + 'static,
    {
        let (user, number, engines) = (self.user.clone(), self.number, Arc::clone(&self.engines));
        let engine: Arc<dyn ExecutionEngine> = Arc::new(build(self));
        let installed = engines.with(|engines| {
            if let Some(place) = engines.of.get_mut(&user).and_then(|own| own.get_mut(&number)) {
                *place = Some(Arc::downgrade(&engine));
            }
            !engines.shut
        });
        if installed {
            Ok(engine)
        } else {
            Err(CreateError::ShutDown)
        }
    }

    /// True until the place is freed.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.engines.with(|engines| {
            engines
                .of
                .get(&self.user)
                .is_some_and(|own| own.contains_key(&self.number))
        })
    }

    /// Frees the place before the engine is dropped.
    pub fn release(&self) {
        self.engines.with(|engines| {
            if let Some(own) = engines.of.get_mut(&self.user) {
                own.remove(&self.number);
                if own.is_empty() {
                    engines.of.remove(&self.user);
                }
            }
        });
    }
}

impl Drop for Slot {
    fn drop(&mut self) {
        self.release();
    }
}
