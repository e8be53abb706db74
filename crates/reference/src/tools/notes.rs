use std::sync::Arc;

use async_trait::async_trait;

use super::Tool;
use crate::{ThreadStore, ToolError, UserExecutionContext};

/// Stores the prompt as a note in the user's thread.
#[derive(Debug)]
pub struct NoteWriter {
    notes: Arc<ThreadStore<String>>,
}

impl NoteWriter {
    /// Creates a tool that writes into this store.
    #[must_use]
    pub fn new(notes: Arc<ThreadStore<String>>) -> Self {
        Self { notes }
    }
}

#[async_trait]
impl Tool for NoteWriter {
    fn name(&self) -> &'static str {
        "note_writer"
    }

    async fn call(&self, context: &UserExecutionContext, input: &str) -> Result<String, ToolError> {
        let count = self
            .notes
            .append(context.user(), context.thread(), input.to_owned())
            .await;
        Ok(format!("{count} of your notes kept, the last is: {input}"))
    }
}
