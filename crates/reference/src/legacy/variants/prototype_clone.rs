//! Row 01, *shared-state*: each engine has a clone of the conversation of a prototype.
//!
//! The factory clones a prototype for each engine, so that nothing has to be passed in. What `Clone` does with the messages is what `Arc`
//! does.

use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError};

legacy_factory! {
    /// Creates engines by cloning.
    PrototypeFactory { prototype: Conversation = Conversation::default() }
    engine |this, ids, sink, slot| ClonedEngine {
        conversation: this.prototype.clone(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Clone, Debug, Default)]
struct Conversation {
    messages: Arc<Guarded<Vec<String>>>,
}

#[derive(Debug)]
struct ClonedEngine {
    conversation: Conversation,
    base: Base,
}

legacy_engine!(ClonedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.answering(&request, async |_| {
            let messages = &self.conversation.messages;
            messages.with(|messages| messages.push(request.prompt().unwrap_or_default().to_owned()));
            let answer = self.base.complete(&request).await?;
            Ok(format!("{answer} (in reply to {})", messages.with(|messages| messages.join(", "))))
        }).await
    }
});
