//! Who the users of a check are: their identities, their secrets, their contexts.

mod alphabet;
mod cast;
mod context;
mod id;
mod identities;
mod member;
mod mode;
mod secret;
mod token;

pub(crate) use cast::Cast;
pub use context::UserContext;
pub use id::{RunId, SessionId, ThreadId, UserId};
pub(crate) use member::{Member, name};
pub use mode::IdentityMode;
pub(crate) use secret::{Secret, SecretKind};
pub(crate) use token::{stands_alone, starts_token};
