use std::sync::Arc;
use std::time::Duration;

use super::state::Explorer;
use crate::oracle::LeftOut;
use crate::report::{Caveat, Failure, Passed, Portion, Report, Settled};
use crate::search::baseline::Baseline;
use crate::search::config::Enough;
use crate::search::target::Target;

impl Explorer<'_> {
    pub(super) fn note_left_out(&mut self) {
        let left_out = self.baselines.values().flat_map(Baseline::left_out);
        self.left_out.extend(left_out);
    }

    pub(crate) fn saw_logs(&self) -> bool {
        self.saw_logs
    }

    pub(crate) fn count(&mut self, portion: Portion) {
        let portions = &mut self.summary.portions;
        match portions.iter_mut().find(|(known, _)| *known == portion) {
            Some((_, count)) => *count += 1,
            None => portions.push((portion, 1)),
        }
    }

    /// Counts orders of steps from now on, for a target with this identity seed.
    pub(crate) fn count_orders(
        &mut self,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<(), Failure> {
        let shape = Arc::clone(&self.baseline(target, identity_seed)?.shape);
        self.discovery.count_orders(&shape);
        Ok(())
    }

    /// Why the search may stop, where executions have shown little that was new.
    pub(crate) fn has_settled(&self) -> Option<Settled> {
        match self.config().enough {
            Enough::All => None,
            Enough::Unlikely => {
                let is_unlikely = self.summary.inputs == 0 && self.discovery.is_unlikely();
                is_unlikely.then_some(Settled::NewIsUnlikely)
            }
            Enough::Quiet(executions) => {
                let is_quiet = self.discovery.quiet(self.summary.executions) >= executions;
                is_quiet.then_some(Settled::NothingNew)
            }
        }
    }

    pub(crate) fn time_is_up(&mut self) -> bool {
        self.out_of_time |= self.begun.elapsed() >= self.config().within;
        self.out_of_time
    }

    pub(crate) fn report(mut self) -> Report {
        self.close_summary();
        self.caveats.extend(self.circumstances());
        if self.out_of_time && !self.config().soak {
            self.caveats.push(Caveat::OutOfTime {
                within: self.config().within,
                executions: self.summary.executions,
                planned: self.config().executions,
            });
        }
        let left_out = self.summary_left_out();
        let test = self.search.test.as_ref().map(|test| test.path().to_owned());
        Report::new(Passed {
            search: self.summary,
            test,
            caveats: self.caveats,
            left_out,
        })
    }

    pub(crate) fn summary_left_out(&mut self) -> Vec<LeftOut> {
        self.note_left_out();
        std::mem::take(&mut self.left_out).into_iter().collect()
    }

    pub(crate) fn close_summary(&mut self) {
        self.summary.fair = self.fair;
        self.summary.elapsed = self.begun.elapsed();
        self.discovery.close(&mut self.summary);
    }

    /// How long there is to make a failure smaller: as long as the search took, and at least five seconds.
    pub(crate) fn time_to_shrink(&self) -> Duration {
        self.begun.elapsed().max(Duration::from_secs(5))
    }
}
