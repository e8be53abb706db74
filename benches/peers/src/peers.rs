//! Who takes part.

/// What a peer is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Searches every shape.
    Peer,
    /// Searches every shape, to be compared with the portfolio that it is a part of.
    Single,
    /// Is only asked how many executions it does in a second, of the shape without a system.
    Pace,
}

/// One way of one driver.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Peer {
    /// What it is called in tables.
    pub name: &'static str,
    /// The package of its driver.
    pub driver: &'static str,
    /// What the driver calls the way.
    pub way: &'static str,
    /// What it is there for.
    pub role: Role,
}

/// This crate as it searches where nothing is said.
pub const OURS: &str = "this crate";
/// This crate, a random walk, with a runtime of its own for each execution.
pub const OURS_FRESH: &str = "this crate, fresh runtime";
/// What people do today.
pub const NAIVE: &str = "spawn, multi-thread";
/// The quickest of shuttle's schedulers.
pub const SHUTTLE: &str = "shuttle random";

const fn peer(name: &'static str, driver: &'static str, way: &'static str, role: Role) -> Peer {
    Peer {
        name,
        driver,
        way,
        role,
    }
}

/// Everybody, in the order of the tables.
pub const PEERS: [Peer; 12] = [
    peer(OURS, "driver-ours", "portfolio", Role::Peer),
    peer("this crate, whole check", "driver-ours", "check", Role::Peer),
    peer(NAIVE, "driver-naive", "spawn", Role::Peer),
    peer("random walk", "driver-ours", "random walk", Role::Single),
    peer("uniform walk", "driver-ours", "uniform walk", Role::Single),
    peer("pct 2", "driver-ours", "pct 2", Role::Single),
    peer("pct 3", "driver-ours", "pct 3", Role::Single),
    peer("pct 4", "driver-ours", "pct 4", Role::Single),
    peer("sparse", "driver-ours", "sparse", Role::Single),
    peer(OURS_FRESH, "driver-ours", "fresh runtime", Role::Pace),
    peer(
        "this crate, reused runtime",
        "driver-ours",
        "reused runtime",
        Role::Pace,
    ),
    peer(
        "spawn, fresh runtime",
        "driver-naive",
        "spawn, fresh runtime",
        Role::Pace,
    ),
];

/// The shape whose executions cost nothing but themselves: three users with four awaits each.
pub const BARE_SHAPE: &str = "sound: nothing but awaits";
/// The shape with a leak that needs two preemptions in sixty awaits.
pub const SIXTY_AWAITS: &str = "windows 3x20, 2";
