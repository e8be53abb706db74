//! What the pages say, held against each other and against the code.

mod blocks;
mod code;
mod command;
mod links;
mod messages;
mod page;
mod settings;
mod summary;
