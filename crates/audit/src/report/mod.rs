//! What an audit found, and its forms: text, JSON, SARIF, annotations of GitHub.

mod explain;
mod finish;
mod github;
mod json;
#[cfg(feature = "sarif")]
mod sarif;
mod text;
mod types;

pub use explain::explain;
pub(crate) use finish::finish;
pub use types::{Failure, Report};
