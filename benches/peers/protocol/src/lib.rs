//! What the runner and the drivers say to each other, and what all drivers must do alike: when a search ends, who sees
//! what is not its own, when a call is cut off.

mod canceller;
mod dice;
mod driver;
mod measure;
mod oracle;
mod record;
mod request;
mod serve;

pub use canceller::Canceller;
pub use dice::Dice;
pub use driver::{Driver, Entry};
pub use measure::{Executed, Tally, Until};
pub use oracle::{Oracle, token};
pub use record::Record;
pub use request::Request;
pub use serve::serve;
