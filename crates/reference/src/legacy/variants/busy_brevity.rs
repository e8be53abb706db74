//! Row 51, *influence*: an answer is shorter when others ask too.
//!
//! To save time under load, the agent leaves its greeting out when another run is under way. Whose run that is makes no difference.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Gauge, Request, RunError};

legacy_factory! {
    /// Creates engines whose answers depend on how many run.
    BusyBrevityFactory { running: Gauge = Gauge::default() }
    engine |this, ids, sink, slot| BriefEngine {
        running: this.running.clone(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug)]
struct BriefEngine {
    running: Gauge,
    base: Base,
}

legacy_engine!(BriefEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let _running = self.running.enter();
        self.base.answering(&request, async |_| {
            let answer = self.base.complete(&request).await?;
            Ok(if self.running.count() > 1 { answer } else { format!("Good day! {answer}") })
        }).await
    }
});
