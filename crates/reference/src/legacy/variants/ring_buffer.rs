//! Row 52, *parallel-only*: the next place in a ring is read and moved on in two steps.
//!
//! Prompts are written into a ring, for the log of the last ones, and read from there. Between the two steps is no await, so that tasks of
//! one thread cannot meet there.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError};

const PLACES: usize = 4;

legacy_factory! {
    /// Creates engines that write into one ring.
    RingBufferFactory { ring: Arc<Ring> = Arc::default() }
    engine |this, ids, sink, slot| RingEngine {
        ring: Arc::clone(&this.ring),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct Ring {
    next: AtomicUsize,
    places: [Guarded<String>; PLACES],
}

impl Ring {
    /// Writes a text and returns what stands at its place.
    fn through(&self, text: &str) -> String {
        let place = self.next.load(Ordering::Relaxed) % PLACES;
        self.places[place].with(|kept| text.clone_into(kept));
        let written = self.places[place].with(|kept| kept.clone());
        self.next.store(place + 1, Ordering::Relaxed);
        written
    }
}

#[derive(Debug)]
struct RingEngine {
    ring: Arc<Ring>,
    base: Base,
}

legacy_engine!(RingEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.answering(&request, async |_| {
            let prompt = self.ring.through(request.prompt()?);
            self.base.complete(&Request::new(request.agent(), prompt)).await
        }).await
    }
});
