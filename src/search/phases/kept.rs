use std::path::PathBuf;

use crate::interleave::Guided;
use crate::report::{Failure, FailureKind, FoundBy, Phase, Portion};
use crate::search::explorer::{Explorer, Stop};
use crate::search::reproducer::Reproducer;

/// The failures that were kept, each with its file and its line there, from 1.
pub(super) struct KeptFailures(Vec<(PathBuf, usize, String)>);

impl KeptFailures {
    pub(super) fn read(explorer: &Explorer<'_>) -> Result<Self, Failure> {
        let Some(regressions) = explorer.search.regressions() else {
            return Ok(Self(Vec::new()));
        };
        let lines = regressions.read().map_err(|error| {
            Failure::refused(
                FailureKind::Regressions,
                error.to_string(),
                "mend the file, or move it away",
            )
        })?;
        Ok(Self(lines))
    }

    /// Runs them, as far as they still fit.
    pub(super) fn run<'s>(self, explorer: &mut Explorer<'s>) -> Result<(), Stop<'s>> {
        if self.0.is_empty() {
            return Ok(());
        }
        let refuse = |what: String| {
            Failure::refused(
                FailureKind::Regressions,
                what,
                "mend or remove that line; where in doubt, restore the file from version control",
            )
        };
        for (file, number, line) in self.0 {
            let kept = Reproducer::parse(&line, &*explorer.search.targets)
                .map_err(|error| refuse(format!("line {number} of {}: {error}", file.display())))?;
            explorer.forget_baselines();
            let (identity_seed, topology) = (kept.schedule.identity_seed(), kept.schedule.layout());
            let mut guided = Guided::new(kept.schedule.decisions()).patiently();
            let executions = explorer.summary.executions + 1;
            let record = explorer.play(
                &kept.target,
                identity_seed,
                topology,
                &mut guided,
                Phase::KeptFailures,
                executions,
            )?;
            explorer.summary.executions = executions;
            explorer.count(Portion::Phase(Phase::KeptFailures));
            if let Some(mut failing) =
                explorer.judged(&kept.target, identity_seed, topology, record, Phase::KeptFailures)?
            {
                failing.found_by = FoundBy::KeptFailure { file, line: number };
                return Err(Stop::Found(failing));
            }
        }
        explorer.forget_baselines();
        Ok(())
    }
}
