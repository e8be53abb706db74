//! Row 36, *key-collision*: leases are named by the first letters of a run's id.
//!
//! Names of leases have a maximum length in the store in which they were. Two leases of the same name are one, and to give one back gives
//! both back; the engine that gives back later finds none and keeps its mark.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::legacy::base::{Base, legacy_factory};
use crate::{Answer, CloseError, ExecutionEngine, Guarded, Live, Request, RunError};
use async_trait::async_trait;

type Leases = Arc<Guarded<BTreeMap<String, u32>>>;

legacy_factory! {
    /// Creates engines with a lease each.
    ShortLeasesFactory { leases: Leases = Arc::default(), marks: Leases = Arc::default() }
    engine |this, ids, sink, slot| {
        let name: String = ids.run.chars().take(6).collect();
        this.leases.with(|leases| leases.insert(name.clone(), 1));
        this.marks.with(|marks| *marks.entry(name.clone()).or_default() += 1);
        LeasedEngine {
            lease: Lease { name, leases: Arc::clone(&this.leases), marks: Arc::clone(&this.marks) },
            base: Base::new(&this.model, ids, sink, slot),
        }
    };
    live |this| {
        let marks: u32 = this.marks.with(|marks| marks.values().sum());
        Live { permits: usize::try_from(marks).unwrap_or(usize::MAX), ..this.registry.live() }
    };
}

#[derive(Debug)]
struct Lease {
    name: String,
    leases: Leases,
    marks: Leases,
}

impl Drop for Lease {
    fn drop(&mut self) {
        if self.leases.with(|leases| leases.remove(&self.name)).is_some() {
            self.marks.with(|marks| {
                if let Some(count) = marks.get_mut(&self.name) {
                    *count -= 1;
                }
            });
        }
    }
}

#[derive(Debug)]
struct LeasedEngine {
    lease: Lease,
    base: Base,
}

#[async_trait]
impl ExecutionEngine for LeasedEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        if self.lease.name.is_empty() {
            return Err(RunError::Closed);
        }
        self.base.run(&request).await
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.base.close().await
    }

    fn live(&self) -> Live {
        self.base.live()
    }
}
