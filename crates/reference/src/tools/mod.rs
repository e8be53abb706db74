//! The tools that an agent can call.

mod account;
mod notes;
mod tool;

pub use account::AccountLookup;
pub use notes::NoteWriter;
pub use tool::Tool;
