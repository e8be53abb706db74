//! The whole platform in memory, from the login to the answer: the golden path.

mod logins;
mod whole;

pub use logins::{LoginError, Logins, Session};
pub use whole::{Platform, PlatformError};
