//! Row 26, *two-truths*: two trackers keep the status of runs, and one of them is not told of a failure.
//!
//! The second tracker was to replace the first. It is updated wherever it was thought of.

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Request, RunError, StatusView};

legacy_factory! {
    /// Creates engines with two trackers.
    TwoTrackersFactory {}
    engine |this, ids, sink, slot| TrackedEngine {
        old: Guarded::default(),
        new: Guarded::default(),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct Tracker {
    running: usize,
    ended: usize,
}

impl Tracker {
    fn begin(&mut self) {
        self.running += 1;
    }

    fn end(&mut self) {
        self.running -= 1;
        self.ended += 1;
    }

    fn view(&self, place: &'static str) -> StatusView {
        StatusView {
            place,
            running: self.running,
            ended: self.ended,
        }
    }
}

#[derive(Debug)]
struct TrackedEngine {
    old: Guarded<Tracker>,
    new: Guarded<Tracker>,
    base: Base,
}

legacy_engine!(TrackedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.old.with(Tracker::begin);
        self.new.with(Tracker::begin);
        let result = self.base.run(&request).await;
        self.old.with(Tracker::end);
        let answer = result?;
        self.new.with(Tracker::end);
        Ok(answer)
    }

    fn status_views(&self) -> Vec<StatusView> {
        vec![
            self.old.with(|tracker| tracker.view("the old tracker")),
            self.new.with(|tracker| tracker.view("the new tracker")),
        ]
    }
});
