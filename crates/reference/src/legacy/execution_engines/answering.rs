//! Row 23, *contract-drift*: an error is returned as an answer.
//!
//! The engine was written for a chat, in which everything is a message. What the others return as an error, it returns as a text.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates engines that answer always.
    AnsweringEngineFactory {}
    engine |this, ids, sink, slot| AnsweringEngine { base: Base::new(&this.model, ids, sink, slot) };
}

#[derive(Debug)]
struct AnsweringEngine {
    base: Base,
}

legacy_engine!(AnsweringEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        match self.base.run(&request).await {
            Err(error @ RunError::InvalidRequest { .. }) => Ok(Answer {
                run_id: self.base.ids.run.clone(),
                text: format!("error: {error}"),
            }),
            result => result,
        }
    }
});
