use std::sync::Arc;

use super::{SupervisorAgent, SupervisorError};
use crate::{EventSink, RequestIds, ThreadStore};

/// Holds conversations: what a user has said in a thread are the facts for which the supervisor serves the next message.
#[derive(Debug)]
pub struct ChatOrchestrator {
    supervisor: SupervisorAgent,
    said: ThreadStore<String>,
}

impl ChatOrchestrator {
    /// Creates an orchestrator on this supervisor, which remembers the last 16 messages of a thread.
    #[must_use]
    pub fn new(supervisor: SupervisorAgent) -> Self {
        Self {
            supervisor,
            said: ThreadStore::new(16),
        }
    }

    /// The supervisor.
    #[must_use]
    pub fn supervisor(&self) -> &SupervisorAgent {
        &self.supervisor
    }

    /// Answers a message of the user in `context`. A message that was not answered is not remembered.
    ///
    /// # Errors
    ///
    /// Returns an error if the supervisor could not serve the message.
    pub async fn answer(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
        message: &str,
    ) -> Result<String, SupervisorError> {
        let (user, thread) = (context.user.clone(), context.thread.clone());
        let facts = self.said.read(&user, &thread).await;
        let answer = self.supervisor.serve(context, sink, message, &facts).await?;
        self.said.append(&user, &thread, message.to_owned()).await;
        Ok(answer)
    }
}
