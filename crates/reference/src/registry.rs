use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use super::{CloseError, CreateError, ExecutionEngine, Guarded, Live, UserId};

/// Holds the engines of every user by weak references.
#[derive(Debug)]
pub struct Registry {
    limit: usize,
    engines: Arc<Guarded<Engines>>,
}

#[derive(Debug, Default)]
struct Engines {
    shut_down: bool,
    next: u64,
    /// `None` for an engine that is being created.
    by_user: BTreeMap<UserId, BTreeMap<u64, Option<Weak<dyn ExecutionEngine>>>>,
}

impl Registry {
    /// Creates a registry in which each user can have this many open engines.
    #[must_use]
    pub fn new(limit: usize) -> Self {
        Self {
            limit,
            engines: Arc::default(),
        }
    }

    /// Reserves a slot for one more engine of this user, until the slot is dropped.
    ///
    /// # Errors
    ///
    /// Returns an error if the user has the maximum number of engines, or if the registry is shut down.
    pub fn reserve(&self, user: &UserId) -> Result<Slot, CreateError> {
        // Counted and reserved under one lock: two concurrent creations must not both get the last slot.
        self.engines.with(|engines| {
            if engines.shut_down {
                return Err(CreateError::ShutDown);
            }
            let own = engines.by_user.entry(user.clone()).or_default();
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

    /// Closes every engine of this user.
    ///
    /// # Errors
    ///
    /// Returns an error if background tasks of an engine were aborted or panicked, with the numbers of all engines together.
    pub async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        let own = self
            .engines
            .with(|engines| engines.by_user.get(user).map(upgrade).unwrap_or_default());
        close_all(own).await
    }

    /// Closes every engine that has been idle for this long. Returns how many were closed well, and an error if an engine did not
    /// end well, with the numbers of all engines together.
    pub async fn sweep(&self, idle_after: Duration) -> (usize, Result<(), CloseError>) {
        let living: Vec<_> = self
            .engines
            .with(|engines| engines.by_user.values().flat_map(upgrade).collect());
        let mut total = CloseError::default();
        let mut swept = 0;
        for engine in living {
            // Asked again for each engine, as closing the one before took time; a closing engine admits no further call.
            if engine.idle_for().is_some_and(|idle| idle >= idle_after) {
                let closed = engine.close().await;
                swept += usize::from(closed.is_ok());
                total.add(closed);
            }
        }
        (swept, total.into_result())
    }

    /// Closes every engine, and refuses new ones, including those that are being created.
    ///
    /// # Errors
    ///
    /// Returns an error if background tasks of an engine were aborted or panicked, with the numbers of all engines together.
    pub async fn shut_down(&self) -> Result<(), CloseError> {
        let all = self.engines.with(|engines| {
            engines.shut_down = true;
            engines.by_user.values().flat_map(upgrade).collect()
        });
        close_all(all).await
    }

    /// Returns the number of engines, and the resources that they hold.
    #[must_use]
    pub fn live(&self) -> Live {
        // Counted outside the lock: if this call holds the last reference to an engine, the engine is dropped here, which
        // takes the lock.
        let (count, living) = self.engines.with(|engines| {
            let count = engines.by_user.values().map(BTreeMap::len).sum();
            (
                count,
                engines.by_user.values().flat_map(upgrade).collect::<Vec<_>>(),
            )
        });
        let held = living.iter().map(|engine| engine.live()).sum();
        Live {
            engines: count,
            ..Live::default()
        } + held
    }
}

fn upgrade(own: &BTreeMap<u64, Option<Weak<dyn ExecutionEngine>>>) -> Vec<Arc<dyn ExecutionEngine>> {
    own.values().flatten().filter_map(Weak::upgrade).collect()
}

async fn close_all(engines: Vec<Arc<dyn ExecutionEngine>>) -> Result<(), CloseError> {
    let mut total = CloseError::default();
    for engine in engines {
        total.add(engine.close().await);
    }
    total.into_result()
}

/// A slot of a user for one engine. The engine owns it, so that it is released when the engine is dropped.
#[derive(Debug)]
pub struct Slot {
    user: UserId,
    number: u64,
    engines: Arc<Guarded<Engines>>,
}

impl Slot {
    /// Creates an engine in the slot.
    ///
    /// # Errors
    ///
    /// Returns an error if the registry was shut down while the engine was created.
    pub fn install<E>(self, build: impl FnOnce(Self) -> E) -> Result<Arc<dyn ExecutionEngine>, CreateError>
    where
        E: ExecutionEngine + 'static,
    {
        Ok(self.install_typed(build)?)
    }

    /// Creates an engine in the slot, as [`install`](Self::install) does, and returns it as what it is.
    ///
    /// # Errors
    ///
    /// Returns an error if the registry was shut down while the engine was created.
    pub fn install_typed<E>(self, build: impl FnOnce(Self) -> E) -> Result<Arc<E>, CreateError>
    where
        E: ExecutionEngine + 'static,
    {
        let (user, number, engines) = (self.user.clone(), self.number, Arc::clone(&self.engines));
        let engine = Arc::new(build(self));
        let weak: Weak<dyn ExecutionEngine> = Arc::<E>::downgrade(&engine);
        let installed = engines.with(|engines| {
            if let Some(entry) = engines
                .by_user
                .get_mut(&user)
                .and_then(|own| own.get_mut(&number))
            {
                *entry = Some(weak);
            }
            !engines.shut_down
        });
        if installed {
            Ok(engine)
        } else {
            Err(CreateError::ShutDown)
        }
    }

    /// Returns true until the slot is released.
    #[must_use]
    pub fn is_taken(&self) -> bool {
        self.engines.with(|engines| {
            engines
                .by_user
                .get(&self.user)
                .is_some_and(|own| own.contains_key(&self.number))
        })
    }

    /// Releases the slot before the engine is dropped.
    pub fn release(&self) {
        self.engines.with(|engines| {
            if let Some(own) = engines.by_user.get_mut(&self.user) {
                own.remove(&self.number);
                if own.is_empty() {
                    engines.by_user.remove(&self.user);
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
