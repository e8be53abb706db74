//! Row 32, *orphan-task*: a task waits for the end of a run that is never told to it.
//!
//! The task writes to the audit log when a run is over. It is told so where the run returns its answer; a run that is dropped returns
//! nothing.

use std::sync::Arc;

use tokio::sync::Notify;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Gauge, Live, Request, RunError};

legacy_factory! {
    /// Creates engines whose runs are audited.
    WaitingAuditorFactory { auditors: Gauge = Gauge::default() }
    engine |this, ids, sink, slot| AuditedEngine {
        auditors: this.auditors.clone(),
        base: Base::new(&this.model, ids, sink, slot),
    };
    live |this| Live { tasks: this.auditors.count(), ..this.registry.live() };
}

#[derive(Debug)]
struct AuditedEngine {
    auditors: Gauge,
    base: Base,
}

legacy_engine!(AuditedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let (over, counted) = (Arc::new(Notify::new()), self.auditors.enter());
        let told = Arc::clone(&over);
        // Nobody keeps a handle of the task.
        drop(tokio::spawn(async move {
            told.notified().await;
            drop(counted);
        }));
        let result = self.base.run(&request).await;
        over.notify_one();
        result
    }
});
