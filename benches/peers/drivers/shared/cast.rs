//! Who plays in an execution, the same in every driver.

use std::sync::Arc;

use protocol::{Entry, Oracle, token};

use crate::shapes::{Guest, Script, Shape, System, all};
use crate::sound::sound;

/// Every shape: those with a fault, then those without.
pub(crate) fn repertoire() -> Vec<Shape> {
    all().into_iter().chain(sound()).collect()
}

/// The same, as far as the protocol knows them.
pub(crate) fn entries() -> Vec<Entry> {
    let entry = |is_sound| {
        move |shape: Shape| Entry {
            name: shape.name,
            is_sound,
        }
    };
    let faulty = all().into_iter().map(entry(false));
    faulty.chain(sound().into_iter().map(entry(true))).collect()
}

/// One of the users, told on by the oracle.
pub(crate) fn user(system: &Arc<dyn System>, oracle: &Oracle, user: usize) -> Script {
    let guest = Guest::new(user, token(user), oracle.sight(user));
    Arc::clone(system).user(guest)
}
