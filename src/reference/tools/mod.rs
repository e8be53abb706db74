//! What an agent can do beside answering.

mod account;
mod notes;
mod tool;

pub use account::AccountLookup;
pub use notes::NoteWriter;
pub use tool::Tool;
