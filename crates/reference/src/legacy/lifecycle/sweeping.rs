//! Row 31, *cleanup-races-run*: a sweep clears the state of runs that are under way.
//!
//! A run keeps its prompt in a map of all runs while it waits for the model. The sweep was to remove what runs that died have left, and
//! clears the map when it holds more than nothing.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::completed;
use crate::legacy::base::{Base, legacy_engine, legacy_factory, started};
use crate::{Answer, CloseError, Guarded, ModelError, Request, RunError, RunId};

type States = Arc<Guarded<BTreeMap<RunId, usize>>>;

legacy_factory! {
    /// Creates engines whose runs have a state that a sweep clears.
    SweepingFactory { states: States = Arc::default() }
    engine |this, ids, sink, slot| SweptEngine {
        states: Arc::clone(&this.states),
        base: Base::new(&this.model, ids, sink, slot),
    };

    async fn sweep(&self) -> Option<Result<usize, CloseError>> {
        let swept = self.states.with(|states| std::mem::take(states).len());
        Some(Ok(swept))
    }
}

#[derive(Debug)]
struct SweptEngine {
    states: States,
    base: Base,
}

impl SweptEngine {
    async fn complete(&self, run: &RunId, request: &Request) -> Result<String, RunError> {
        let length = request.prompt()?.len();
        self.states.with(|states| states.insert(run.clone(), length));
        let answer = self.base.complete(request).await;
        let known = self.states.with(|states| states.remove(run));
        if known != Some(length) {
            return Err(ModelError::new("the state of the run is lost").into());
        }
        answer
    }
}

legacy_engine!(SweptEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        let ids = self.base.next_run();
        self.base.emit(&ids, started(&request)).await?;
        let result = self.complete(&ids.run, &request).await;
        self.base.emit(&ids, completed(&result)).await?;
        Ok(Answer { run_id: ids.run, text: result? })
    }
});
