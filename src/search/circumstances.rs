use super::explorer::Explorer;
use super::target::ExecutionRecord;
use crate::oracle::Violation;
use crate::report::Caveat;
use crate::user::name;

impl Explorer<'_> {
    /// What a reader of the outcome should know that was not the test's wish.
    pub(super) fn circumstances(&self) -> Vec<Caveat> {
        let cold_paths = (!self.cold.is_empty()).then(|| Caveat::ColdPaths {
            users: self.cold.iter().cloned().collect(),
        });
        let threads = self.driver.waits_for_threads().then(|| Caveat::ThreadsAtWork {
            threads: self.threads.iter().cloned().collect(),
        });
        let nobody_alone = self.was_together.then_some(Caveat::NobodyAlone);
        let outside = self.driver.has_peers_outside().then_some(Caveat::PeersOutside);
        let no_logs = (self.config().logs && !self.saw_logs()).then_some(Caveat::NoLogs);
        let uncompared_error = self.uncompared_error.clone();
        let errors = uncompared_error.map(|(user, error, executions)| Caveat::UncomparedErrors {
            user,
            error,
            executions,
        });
        [cold_paths, threads, outside, nobody_alone, no_logs, errors]
            .into_iter()
            .flatten()
            .collect()
    }

    /// Where users need each other, an error of one is no violation: that others were dropped, or came first, may be why.
    pub(super) fn note_error(&mut self, identity_seed: u64, record: &ExecutionRecord) {
        let has_drop = record.run.dropped().contains(&true);
        let Some(baseline) = self.baselines.get(&identity_seed).filter(|_| !has_drop) else {
            return;
        };
        let Some((user, error)) = baseline.judge.uncompared_error(&record.script_outcomes) else {
            return;
        };
        let of_user = || (name(user), error.to_owned(), 0);
        self.uncompared_error.get_or_insert_with(of_user).2 += 1;
    }

    /// Where a user saw somebody else's secret alone: in which solo run it was, and in which the owner had handed it over.
    pub(super) fn outlived_in(&self, identity_seed: u64, violation: &Violation, number: u64) -> Caveat {
        let baseline = self.baselines.get(&identity_seed);
        let earlier = violation.owner_index().zip(baseline).map(|(owner, baseline)| {
            let runs = baseline.numbers[owner].iter().copied();
            runs.filter(|&run| run < number).collect()
        });
        Caveat::OutlivesAlone {
            user: violation.user().unwrap_or("a user").to_owned(),
            owner: violation.owner().unwrap_or("another user").to_owned(),
            secret: violation.secret_name().unwrap_or_else(|| "a secret".to_owned()),
            run: number,
            handed_over_in: earlier.unwrap_or_default(),
        }
    }

    /// Where a user saw a secret whose owner had not begun yet.
    pub(super) fn outlived(user: usize, owner: usize, secret: String) -> Caveat {
        Caveat::OutlivesBegin {
            user: name(user),
            owner: name(owner),
            secret,
        }
    }
}
