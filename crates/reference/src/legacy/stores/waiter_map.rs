//! Row 43, *unbounded-growth*: a map from runs to who waits for them keeps an entry for each run.
//!
//! The entry is taken out when somebody asks for the result of a run by its id. Since runs return their results, nobody asks.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;

use crate::legacy::base::wrapping_factory;
use crate::{Answer, CloseError, ExecutionEngine, Guarded, Request, RunError, RunId};

type Results = Arc<Guarded<BTreeMap<RunId, usize>>>;

wrapping_factory! {
    /// Creates engines that keep a result for each run.
    WaiterMapFactory { results: Results = Arc::default() }
    engine |this, engine| ResultKeepingEngine { engine, results: Arc::clone(&this.results) };
    given {
        fn footprint(&self) -> Option<usize> {
            Some(self.results.with(|results| results.len()))
        }
    }
}

#[derive(Debug)]
struct ResultKeepingEngine {
    engine: Arc<dyn ExecutionEngine>,
    results: Results,
}

#[async_trait]
impl ExecutionEngine for ResultKeepingEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let answer = self.engine.run(request).await?;
        self.results
            .with(|results| results.insert(answer.run_id.clone(), answer.text.len()));
        Ok(answer)
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.engine.close().await
    }

    fn wrapped(&self) -> Option<&dyn ExecutionEngine> {
        Some(&*self.engine)
    }
}
