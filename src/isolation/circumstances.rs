use super::explorer::Explorer;
use crate::oracle::Violation;
use crate::user::name;

impl Explorer<'_> {
    /// What a reader of the outcome should know that was not the test's wish.
    pub(super) fn circumstances(&self) -> Vec<String> {
        [
            self.cold_paths(),
            self.threads_at_work(),
            self.nobody_alone(),
            self.no_logs(),
        ]
        .into_iter()
        .flatten()
        .collect()
    }

    fn cold_paths(&self) -> Option<String> {
        let cold = self.cold.iter().map(String::as_str).collect::<Vec<_>>();
        let first = cold.first()?;
        let whose = match cold.len() {
            1 => format!("{first}'s first solo run took a course of its own, and the later ones"),
            _ => format!(
                "the first solo runs of {} took a course of their own, and the later ones",
                cold.join(", ")
            ),
        };
        Some(format!(
            "{whose} agree: unless it is by chance, something outlives an execution (a static, a thread-local, a store), and what happens \
             before it is there was seen in these runs only; no certificate covers it"
        ))
    }

    fn threads_at_work(&self) -> Option<String> {
        if !self.driver.waits_for_threads() {
            return None;
        }
        let names: Vec<_> = self.threads.iter().map(|thread| format!("`{thread}`")).collect();
        let who = match names[..] {
            [] => "a thread of the system's own".to_owned(),
            _ => format!("threads of the system's own ({})", names.join(", ")),
        };
        Some(format!(
            "{who} woke users or tasks, and was waited for in real time: when it does no schedule decides, so that there is no certificate and \
             a replay is best effort"
        ))
    }

    fn nobody_alone(&self) -> Option<String> {
        self.was_together.then(|| {
            "a user alone does not come to an end, so that there were no solo runs, as with `.together()`"
                .to_owned()
        })
    }

    fn no_logs(&self) -> Option<String> {
        (self.config().logs && !self.saw_logs()).then(|| {
            "`.logs()` is set, and no log event was attributed to any user: an event belongs to the user whose call is polled, or in \
             whose span it is; instrument tasks (`tokio::spawn(work.instrument(span))`), or name the user's id in a field"
                .to_owned()
        })
    }

    /// Where a user saw somebody else's secret alone: in which solo run it was, and in which the owner had handed it over.
    pub(super) fn outlived_in(&self, identity_seed: u64, violation: &Violation, number: u64) -> String {
        let user = violation.user().unwrap_or("a user");
        let owner = violation.owner().unwrap_or("another user");
        let secret = violation.secret_name().unwrap_or_else(|| "a secret".to_owned());
        let baseline = self.baselines.get(&identity_seed);
        let earlier = violation.owner_index().zip(baseline).map(|(owner, baseline)| {
            let runs = baseline.numbers[owner].iter().filter(|&&run| run < number);
            runs.map(|run| format!("#{run}")).collect::<Vec<_>>()
        });
        let where_from = match earlier {
            Some(runs) if !runs.is_empty() => format!("{owner}'s solo run {}", runs.join(" and ")),
            _ => "an earlier execution of this process".to_owned(),
        };
        format!(
            "something outlives an execution: alone, in solo run #{number}, {user} saw {owner}'s secret `{secret}`, which was handed to \
             the system in {where_from}; look for a static, a thread-local or an external store"
        )
    }

    /// Where a user saw a secret whose owner had not begun yet.
    pub(super) fn outlived(user: usize, owner: usize, secret: &str) -> String {
        let (user, owner) = (name(user), name(owner));
        format!(
            "something outlives an execution: {user} saw {owner}'s secret `{secret}` before {owner} had begun, so that it was handed to the \
             system in an earlier execution of this process ({owner}'s solo run, where there was one); look for a static, a \
             thread-local or an external store"
        )
    }
}
