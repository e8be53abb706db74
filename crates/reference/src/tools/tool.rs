use std::fmt;

use async_trait::async_trait;

use crate::{ToolError, UserExecutionContext};

/// A tool that an agent can call for the user of its run.
#[async_trait]
pub trait Tool: fmt::Debug + Send + Sync {
    /// The name of the tool in events.
    fn name(&self) -> &'static str;

    /// Calls the tool for the user of `context`, with the prompt as `input`, and returns its output. A call that is dropped
    /// has either taken effect completely or not at all.
    ///
    /// # Errors
    ///
    /// Returns an error if the tool has no output.
    async fn call(&self, context: &UserExecutionContext, input: &str) -> Result<String, ToolError>;
}
