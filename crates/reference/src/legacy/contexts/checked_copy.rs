//! Row 29, *self-attestation*: the check of isolation compares what cannot be equal.
//!
//! It looks whether any two engines have the same context, and each engine has a context of its own. The last answers are in a list that
//! all engines of the factory got a handle of, which is not a part of the context.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError, RunId};

legacy_factory! {
    /// Creates engines that check their isolation by comparing contexts.
    CheckedCopyFactory { shared: Arc<Shared> = Arc::default() }
    engine |this, ids, sink, slot| {
        this.shared.contexts.with(|contexts| contexts.push(ids.run.clone()));
        CheckedCopyEngine { shared: Arc::clone(&this.shared), base: Base::new(&this.model, ids, sink, slot) }
    };
}

#[derive(Debug, Default)]
struct Shared {
    contexts: Guarded<Vec<RunId>>,
    last_answers: Guarded<Vec<usize>>,
}

#[derive(Debug)]
struct CheckedCopyEngine {
    shared: Arc<Shared>,
    base: Base,
}

legacy_engine!(CheckedCopyEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let answer = self.base.run(&request).await?;
        self.shared.last_answers.with(|answers| answers.push(answer.text.len()));
        Ok(answer)
    }

    fn state(&self) -> Option<BTreeMap<String, String>> {
        let last = self.shared.last_answers.with(|answers| answers.last().copied());
        let length = last.map_or_else(|| "none".to_owned(), |length| length.to_string());
        Some(BTreeMap::from([("length of the last answer".to_owned(), length)]))
    }

    fn attests_isolation(&self) -> Option<bool> {
        let own = &self.base.ids.user;
        Some(self.shared.contexts.with(|contexts| contexts.iter().all(|run| run.as_str() != own.as_str())))
    }
});
