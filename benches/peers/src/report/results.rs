use crate::measured::Measured;
use crate::peers::{PEERS, Role};

/// What everybody came to, by the names of the peers, in their order.
pub type Results<'r> = [(&'r str, Vec<Measured>)];

/// What one of them came to, where it took part.
pub(super) fn of_peer<'r>(results: &'r Results<'_>, peer: &str) -> Option<&'r [Measured]> {
    let found = results.iter().find(|(name, _)| *name == peer);
    found.map(|(_, measured)| measured.as_slice())
}

/// What it is there for.
pub(super) fn role(peer: &str) -> Role {
    let known = PEERS.iter().find(|known| known.name == peer);
    known.map_or(Role::Peer, |known| known.role)
}

/// Whether a shape is one without a fault.
pub(super) fn is_sound(one: &Measured) -> bool {
    one.shape.starts_with("sound: ")
}
