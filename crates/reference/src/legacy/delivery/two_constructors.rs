//! Row 18, *payload-drift*: two constructors make the same event with different fields.
//!
//! The agent and the tool dispatcher both say that a tool is called. The agent writes the name of the tool into `tool_name`, the
//! dispatcher into `name`.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::legacy::delivery::untyped::{event, untyped_run};
use crate::{Answer, Request, RunError, UntypedEvent};

legacy_factory! {
    /// Creates engines that make an event in two ways.
    TwoConstructorsFactory {}
    engine |this, ids, sink, slot| TwoConstructorsEngine { base: Base::new(&this.model, ids, sink, slot) };
}

#[derive(Debug)]
struct TwoConstructorsEngine {
    base: Base,
}

fn by_agent(tool: &str) -> UntypedEvent {
    event("tool_executing", [("tool_name", tool)])
}

fn by_dispatcher(kind: &'static str, tool: &str) -> UntypedEvent {
    event(kind, [("name", tool), ("result", "noon")])
}

legacy_engine!(TwoConstructorsEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        untyped_run(&self.base, &request, [by_agent("clock"), by_dispatcher("tool_completed", "clock")]).await
    }
});
