//! What a judge learns from solo runs, before it judges executions with several users.

use std::collections::BTreeSet;

use super::evidence::Evidence;
use super::judge::Judge;
use super::solo::Alone;
use super::{Violation, secrets};

impl Judge {
    /// Takes in the execution in which `user` was alone. Call it once per user, before the first `judge`.
    ///
    /// Returns the secrets of others that the user saw all the same: something outlives an execution.
    pub(crate) fn learn_alone(&mut self, user: usize, evidence: &Evidence<'_>) -> Vec<Violation> {
        self.search.refresh(&self.population);
        self.clean.clear();
        let streams = self.streams(evidence);
        let own: Vec<_> = streams.iter().filter(|stream| stream.viewer() == user).collect();
        let mut foreign = Vec::new();
        for stream in &own {
            self.coincidences
                .learn(&self.population, &mut self.search, stream);
            self.sees_own[user] |= secrets::shows_own(&self.rules, &mut self.search, stream);
            foreign.extend(secrets::judge(
                &self.population,
                &self.rules,
                &mut self.search,
                stream,
                &mut BTreeSet::new(),
            ));
        }
        // A secret of the user's own that is logged is no sign of another user.
        foreign.retain(|violation| violation.owner_index() != Some(user));
        self.learn_panics(evidence);
        #[cfg(feature = "http")]
        self.constants.learn(user, evidence);
        self.alone[user] = Some(Alone::new(evidence.script_outcome(user).clone(), &own));
        foreign
    }

    /// Takes in another execution in which `user` was alone under the same schedule: what differs from the first is left out
    /// of every comparison. True where something is new.
    pub(crate) fn learn_noise(&mut self, user: usize, evidence: &Evidence<'_>) -> bool {
        let streams = self.streams(evidence);
        let own: Vec<_> = streams.iter().filter(|stream| stream.viewer() == user).collect();
        let script_outcome = evidence.script_outcome(user);
        #[cfg(feature = "http")]
        self.constants.learn(user, evidence);
        let alone = self.alone[user].as_mut();
        alone.is_some_and(|alone| alone.learn_noise(&self.population, user, script_outcome, &own))
    }

    /// Takes in an execution in which `user` was alone under another schedule: whatever the user sees there is nobody else's
    /// doing.
    pub(crate) fn learn_alternative(&mut self, user: usize, evidence: &Evidence<'_>) {
        let streams = self.streams(evidence);
        let own: Vec<_> = streams.iter().filter(|stream| stream.viewer() == user).collect();
        self.learn_panics(evidence);
        #[cfg(feature = "http")]
        self.constants.learn(user, evidence);
        if let Some(alone) = &mut self.alone[user] {
            alone.learn_alternative(evidence.script_outcome(user).clone(), &own);
        }
    }

    /// Takes in an execution in which everybody was there, for a check in which nobody is ever alone.
    pub(crate) fn learn_together(&mut self, evidence: &Evidence<'_>) {
        self.search.refresh(&self.population);
        self.clean.clear();
        let streams = self.streams(evidence);
        for stream in &streams {
            self.sees_own[stream.viewer()] |= secrets::shows_own(&self.rules, &mut self.search, stream);
        }
        self.learn_panics(evidence);
        #[cfg(feature = "http")]
        self.constants.learn_together(self.population.len(), evidence);
        for (user, alone) in self.alone.iter_mut().enumerate() {
            *alone = Some(Alone::new(evidence.script_outcome(user).clone(), &[]));
        }
    }

    fn learn_panics(&mut self, evidence: &Evidence<'_>) {
        let messages = evidence.panics.iter().map(|note| note.message.clone());
        self.known_panics.extend(messages);
    }
}
