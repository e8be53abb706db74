//! Who the users of a check are: their identities, their secrets, their contexts.

mod alphabet;
mod context;
mod id;
mod identities;
mod identity;
mod mode;
mod population;
mod secret;
mod token;

pub use context::UserContext;
pub use id::{RunId, SessionId, ThreadId, UserId};
pub(crate) use identity::{Identity, name};
pub use mode::IdentityMode;
pub(crate) use population::Population;
pub(crate) use secret::Secret;
pub use secret::SecretKind;
pub(crate) use token::{stands_alone, starts_token};
