use std::fmt;

use async_trait::async_trait;

use crate::reference::{ToolError, UserExecutionContext};

/// Something that an agent can do for the user of its run.
#[async_trait]
pub trait Tool: fmt::Debug + Send + Sync {
    /// The tool's name, as events carry it.
    fn name(&self) -> &'static str;

    /// Does it for the user of `context`, whose `input` is the prompt. A call that is dropped did it or did
    /// not.
    ///
    /// # Errors
    ///
    /// Where it cannot be done.
    async fn call(&self, context: &UserExecutionContext, input: &str) -> Result<String, ToolError>;
}
