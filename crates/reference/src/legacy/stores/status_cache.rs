//! Row 26, *two-truths*: a cache of the runs is filled when it is read first, and not when runs end.
//!
//! To count the runs was slow. The cache is thrown away when a run begins, as that is where the count was read.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError, StatusView};

legacy_factory! {
    /// Creates engines with a cache of the status of their runs.
    StatusCacheFactory {}
    engine |this, ids, sink, slot| CachingEngine {
        log: Guarded::default(),
        cached: Guarded::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

/// What happened to a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Entry {
    Begun,
    Ended,
}

#[derive(Debug)]
struct CachingEngine {
    log: Guarded<Vec<Entry>>,
    cached: Guarded<Option<StatusView>>,
    base: Base,
}

impl CachingEngine {
    fn count(&self, place: &'static str) -> StatusView {
        let count = |entry| {
            self.log
                .with(|log| log.iter().filter(|seen| **seen == entry).count())
        };
        let (begun, ended) = (count(Entry::Begun), count(Entry::Ended));
        StatusView {
            place,
            running: begun - ended,
            ended,
        }
    }
}

legacy_engine!(CachingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.log.with(|log| log.push(Entry::Begun));
        self.cached.with(|cached| *cached = Some(self.count("the cache")));
        let result = self.base.run(&request).await;
        self.log.with(|log| log.push(Entry::Ended));
        result
    }

    fn status_views(&self) -> Vec<StatusView> {
        let counted = self.count("the log");
        let cached = self.cached.with(|cached| cached.clone().unwrap_or_else(|| self.count("the cache")));
        vec![counted, cached]
    }
});
