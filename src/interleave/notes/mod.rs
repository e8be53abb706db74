//! What is taken down of an execution's steps for its report: which task ran, for whom it was spawned, who woke it, and where
//! a call was dropped. Taking it down changes nothing of what happens, and costs nothing where nobody asks for it.

mod known;
mod notebook;
mod taking;
#[cfg(test)]
mod taking_tests;
mod tasks;
mod watched;

pub(crate) use known::{Origin, SpawnedTask, StepNote, StepNotes, WokenBy};
pub(crate) use notebook::Notebook;
pub(in crate::interleave) use notebook::Shown;
