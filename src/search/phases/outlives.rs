use std::sync::Arc;

use crate::interleave::{Decision, Guided, RuntimeTopology};
use crate::oracle::Violation;
use crate::report::{Failure, FoundBy, Phase, Portion};
use crate::search::baseline::Outlived;
use crate::search::explorer::{Explorer, Failing, Stop};
use crate::search::target::Target;

/// The secrets of others that users saw alone, which were handed over in an earlier execution.
pub(super) struct WhatOutlives {
    identity_seed: u64,
    outlived: Vec<Outlived>,
}

impl WhatOutlives {
    pub(super) fn of(
        explorer: &mut Explorer<'_>,
        target: &Arc<dyn Target>,
        identity_seed: u64,
    ) -> Result<Self, Failure> {
        let outlived = std::mem::take(&mut explorer.baseline(target, identity_seed)?.outlived);
        Ok(Self {
            identity_seed,
            outlived,
        })
    }

    /// A secret of somebody else that a user sees alone was handed over in an earlier execution: shown with everybody there
    /// where that is possible, that user first.
    pub(super) fn run<'s>(
        self,
        explorer: &mut Explorer<'s>,
        target: &Arc<dyn Target>,
    ) -> Result<(), Stop<'s>> {
        for Outlived {
            violation,
            number,
            first,
        } in &self.outlived
        {
            let caveat = explorer.outlived_in(self.identity_seed, violation, *number);
            let executions = explorer.summary.executions + 1;
            let mut guided = Guided::new(first).patiently();
            let record = explorer.play(
                target,
                self.identity_seed,
                RuntimeTopology::One,
                &mut guided,
                Phase::WhatOutlives,
                executions,
            )?;
            explorer.summary.executions = executions;
            explorer.count(Portion::Phase(Phase::WhatOutlives));
            let Some(failing) = explorer.judged(
                target,
                self.identity_seed,
                RuntimeTopology::One,
                record,
                Phase::WhatOutlives,
            )?
            else {
                continue;
            };
            if failing.violations[0].secret().is_some() {
                explorer.caveats.push(caveat);
                explorer.is_outlived_told = true;
                return Err(Stop::Found(failing));
            }
        }
        match self.outlived.into_iter().next() {
            None => Ok(()),
            Some(Outlived {
                violation,
                number,
                first,
            }) => {
                let caveat = explorer.outlived_in(self.identity_seed, &violation, number);
                explorer.caveats.push(caveat);
                explorer.is_outlived_told = true;
                Err(outlived_alone(
                    explorer,
                    target,
                    self.identity_seed,
                    violation,
                    &first,
                )?)
            }
        }
    }
}

/// Somebody else's secret that a user saw alone, and that did not show with everybody there.
fn outlived_alone<'s>(
    explorer: &mut Explorer<'s>,
    target: &Arc<dyn Target>,
    identity_seed: u64,
    violation: Violation,
    first: &[Decision],
) -> Result<Stop<'s>, Failure> {
    let executions = explorer.summary.executions;
    let mut guided = Guided::new(first).patiently();
    let record = explorer.play(
        target,
        identity_seed,
        RuntimeTopology::One,
        &mut guided,
        Phase::SoloRuns,
        executions,
    )?;
    Ok(Stop::Found(Box::new(Failing {
        target: Arc::clone(target),
        tree: None,
        identity_seed,
        topology: RuntimeTopology::One,
        record,
        violations: vec![violation],
        found_by: FoundBy::Phase(Phase::SoloRuns),
        raced: false,
        cold: true,
    })))
}
