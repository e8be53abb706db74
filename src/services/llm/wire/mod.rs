//! Replies in the words of each API.

mod answered;
mod anthropic_messages;
mod bodies;
mod openai_chat;
mod openai_responses;

pub(super) use answered::{Answered, Frame};
pub(super) use bodies::{error, models};
