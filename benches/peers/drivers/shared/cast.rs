//! Who plays in an execution, the same in every driver.

use std::sync::Arc;

use protocol::{Oracle, token};

use crate::shapes::{Guest, Script, Shape, System, all};
use crate::sound::sound;

/// Every shape: those with a fault, then those without.
pub(crate) fn repertoire() -> Vec<Shape> {
    all().into_iter().chain(sound()).collect()
}

/// One of the users, told on by the oracle.
pub(crate) fn user(system: &Arc<dyn System>, oracle: &Oracle, user: usize) -> Script {
    let guest = Guest::new(user, token(user), oracle.sight(user));
    Arc::clone(system).user(guest)
}
