//! Who takes part.

/// What a peer is there for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Searches every shape.
    Peer,
    /// One strategy of the portfolio, which knows as little as that does: to be compared with it.
    Single,
    /// One strategy of the portfolio, which is told what the shape needs.
    Told,
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
/// The same with a runtime of its own for each execution, as `#[tokio::test(flavor = "multi_thread")]` has one.
pub const NAIVE_FRESH: &str = "spawn, fresh runtime";
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

const fn ours(name: &'static str, way: &'static str, role: Role) -> Peer {
    peer(name, "driver-ours", way, role)
}

const fn shuttle(name: &'static str, way: &'static str) -> Peer {
    peer(name, "driver-shuttle", way, Role::Peer)
}

/// Everybody, in the order of the tables.
pub const PEERS: [Peer; 27] = [
    ours(OURS, "portfolio", Role::Peer),
    ours("this crate, whole check", "check", Role::Peer),
    peer(NAIVE, "driver-naive", "spawn", Role::Peer),
    peer(
        "join_all, current-thread",
        "driver-join-all",
        "join_all",
        Role::Peer,
    ),
    shuttle(SHUTTLE, "random"),
    shuttle("shuttle PCT", "pct"),
    shuttle("shuttle URW", "urw"),
    shuttle("shuttle random, plain awaits", "random, plain"),
    shuttle("shuttle PCT, plain awaits", "pct, plain"),
    shuttle("shuttle URW, plain awaits", "urw, plain"),
    peer("madsim", "driver-madsim", "madsim", Role::Peer),
    ours("random walk", "random walk", Role::Single),
    ours("uniform walk", "uniform walk", Role::Single),
    ours("pct 2", "pct 2", Role::Single),
    ours("pct 3", "pct 3", Role::Single),
    ours("pct 4", "pct 4", Role::Single),
    ours("sparse", "sparse", Role::Single),
    ours("random walk, told", "random walk, told", Role::Told),
    ours("uniform walk, told", "uniform walk, told", Role::Told),
    ours("pct 2, told", "pct 2, told", Role::Told),
    ours("pct 3, told", "pct 3, told", Role::Told),
    ours("pct 4, told", "pct 4, told", Role::Told),
    ours("sparse, told", "sparse, told", Role::Told),
    ours(OURS_FRESH, "fresh runtime", Role::Pace),
    ours("this crate, reused runtime", "reused runtime", Role::Pace),
    peer(NAIVE_FRESH, "driver-naive", "spawn, fresh runtime", Role::Pace),
    peer(
        "join_all, fresh runtime",
        "driver-join-all",
        "join_all, fresh runtime",
        Role::Pace,
    ),
];

/// The shape whose executions cost nothing but themselves: three users with four awaits each.
pub const BARE_SHAPE: &str = "sound: nothing but awaits";
/// The shape with a leak that needs two preemptions in sixty awaits.
pub const SIXTY_AWAITS: &str = "windows 3x20, 2";
