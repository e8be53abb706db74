//! Row 41, *key-mismatch*: a run is entered under a key in which a dot is written as a `#`, and removed under its id.
//!
//! A dot separates parts of a key in the store in which the table was. The id of the first run of an engine has no dot.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Gauge, GaugeGuard, Guarded, Live, Request, RunError, RunId};

type Table = Arc<Guarded<BTreeMap<RunId, GaugeGuard>>>;

legacy_factory! {
    /// Creates engines that enter their runs into a table.
    RunTableFactory { table: Table = Arc::default(), entered: Gauge = Gauge::default() }
    engine |this, ids, sink, slot| EnteringEngine {
        table: Arc::clone(&this.table),
        entered: this.entered.clone(),
        base: Base::new(&this.model, ids, sink, slot),
    };
    live |this| Live { runs: this.entered.count(), ..this.registry.live() };
}

#[derive(Debug)]
struct EnteringEngine {
    table: Table,
    entered: Gauge,
    base: Base,
}

/// Removes what was entered, also if the run is dropped.
struct Entered<'a> {
    table: &'a Table,
    run: &'a RunId,
}

impl Drop for Entered<'_> {
    fn drop(&mut self) {
        drop(self.table.with(|table| table.remove(self.run)));
    }
}

legacy_engine!(EnteringEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.check_open()?;
        let ids = self.base.next_run();
        let guard = self.entered.enter();
        let key = RunId::new(ids.run.replace('.', "#"));
        self.table.with(|table| table.insert(key, guard));
        let _entered = Entered { table: &self.table, run: &ids.run };
        self.base.run_as(&ids, &request).await
    }
});
