//! Row 44, *diagnostics-leak*: an error says which prompts were the last that worked.
//!
//! The text was to help who had made a mistake. The last prompts are those of the process.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError};

legacy_factory! {
    /// Creates engines whose errors give examples.
    HelpfulErrorFactory { last: Arc<Guarded<VecDeque<String>>> = Arc::default() }
    engine |this, ids, sink, slot| HelpfulEngine {
        last: Arc::clone(&this.last),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct HelpfulEngine {
    last: Arc<Guarded<VecDeque<String>>>,
    base: Base,
}

legacy_engine!(HelpfulEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let Ok(prompt) = request.prompt() else {
            let examples = self.last.with(|last| last.clone());
            return Err(RunError::InvalidRequest { reason: format!("write something like {examples:?}") });
        };
        let answer = self.base.run(&request).await?;
        self.last.with(|last| {
            last.push_front(prompt.to_owned());
            last.truncate(3);
        });
        Ok(answer)
    }
});
