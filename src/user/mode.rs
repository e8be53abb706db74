use std::fmt;

/// How the users' ids relate to each other.
///
/// Each mode shows what the others hide: a cache keyed by thread alone leaks only where threads share an id, a
/// look-up by prefix only where one id begins with another.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum IdentityMode {
    /// Every id is random and belongs to one user.
    Distinct,
    /// User and run ids are each user's own, thread and session ids the same for all.
    Colliding,
    /// Every id belongs to one user, and ids begin with each other: `user-1`, `user-10`, `user-11`.
    LookAlike,
}

impl IdentityMode {
    /// Every mode, in the order in which identity seeds go through them.
    pub const ALL: [Self; 3] = [Self::Distinct, Self::Colliding, Self::LookAlike];

    /// An identity seed of this mode; the same number gives the same one.
    pub(crate) fn identity_seed(self, number: u64) -> u64 {
        3 * number
            + match self {
                Self::Distinct => 0,
                Self::Colliding => 1,
                Self::LookAlike => 2,
            }
    }

    /// The mode of an identity seed.
    pub(crate) fn of_identity_seed(identity_seed: u64) -> Self {
        match identity_seed % 3 {
            0 => Self::Distinct,
            1 => Self::Colliding,
            _ => Self::LookAlike,
        }
    }
}

impl fmt::Display for IdentityMode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Distinct => "distinct",
            Self::Colliding => "colliding",
            Self::LookAlike => "look-alike",
        })
    }
}
