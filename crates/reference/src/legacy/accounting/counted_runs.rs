//! Row 46, *counted-attempts*: a run counts as answered when it begins.
//!
//! The counter was called `runs`, and was renamed when the dashboard wanted to know about answers.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;

use crate::legacy::base::wrapping_factory;
use crate::{Answer, CloseError, ExecutionEngine, MetricsSnapshot, Request, RunError};

wrapping_factory! {
    /// Creates engines whose runs count when they begin.
    CountedRunsFactory { runs: Arc<AtomicU64> = Arc::default() }
    engine |this, engine| CountingEngine { engine, runs: Arc::clone(&this.runs) };
    given {
        fn counts(&self) -> Option<MetricsSnapshot> {
            let mut counts = self.inner.counts()?;
            counts.runs_answered = self.runs.load(Ordering::Relaxed);
            Some(counts)
        }
    }
}

#[derive(Debug)]
struct CountingEngine {
    engine: Arc<dyn ExecutionEngine>,
    runs: Arc<AtomicU64>,
}

#[async_trait]
impl ExecutionEngine for CountingEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        self.runs.fetch_add(1, Ordering::Relaxed);
        self.engine.run(request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.engine.close().await
    }

    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        Some(&*self.engine)
    }
}
