//! Row 40, *cache-without-user*: answers are kept for the thread and the number of the question.
//!
//! A client that asks the same again was to get the same answer without the model. Threads were numbered through, when there was one
//! user.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError, ThreadId};

type Cache = Arc<Guarded<BTreeMap<(ThreadId, usize), String>>>;

legacy_factory! {
    /// Creates engines with one cache of answers.
    QuestionCacheFactory { cache: Cache = Arc::default() }
    engine |this, ids, sink, slot| CachingEngine {
        cache: Arc::clone(&this.cache),
        asked: AtomicUsize::new(0),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct CachingEngine {
    cache: Cache,
    asked: AtomicUsize,
    base: Base,
}

legacy_engine!(CachingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.answering(&request, async |ids| {
            let key = (ids.thread.clone(), self.asked.fetch_add(1, Ordering::Relaxed));
            if let Some(known) = self.cache.with(|cache| cache.get(&key).cloned()) {
                return Ok(known);
            }
            let answer = self.base.complete(&request).await?;
            self.cache.with(|cache| cache.insert(key, answer.clone()));
            Ok(answer)
        }).await
    }
});
