//! Row 18, *payload-drift*: one producer writes its fields in another way.
//!
//! The notifier was taken from a service in which fields are written `toolName` and `runId`. Its tests read what it writes.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::legacy::delivery::untyped::{event, untyped_run};
use crate::{Answer, Request, RunError};

legacy_factory! {
    /// Creates engines whose tools write their fields in another way.
    CamelCaseFactory {}
    engine |this, ids, sink, slot| CamelCaseEngine { base: Base::new(&this.model, ids, sink, slot) };
}

#[derive(Debug)]
struct CamelCaseEngine {
    base: Base,
}

legacy_engine!(CamelCaseEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        let of_tool = ["tool_executing", "tool_completed"].map(|kind| event(kind, [("toolName", "clock")]));
        untyped_run(&self.base, &request, of_tool).await
    }
});
