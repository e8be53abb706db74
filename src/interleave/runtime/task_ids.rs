use tokio::runtime::{Builder, Runtime};

/// Tells how many tasks the process has spawned meanwhile, at the most.
///
/// Tokio numbers the tasks of a process one after another and says so nowhere: what follows from it is used only to rule out that a task
/// was spawned unnoticed, and a test here fails where it is no longer so.
#[derive(Debug)]
pub(super) struct TaskIds {
    /// A runtime that never runs its tasks.
    counting: Runtime,
    last: Option<u64>,
}

impl TaskIds {
    pub(super) fn new() -> Self {
        let counting = Builder::new_current_thread()
            .build()
            .expect("a current-thread runtime without drivers needs nothing from the system");
        Self { counting, last: None }
    }

    /// How many tasks have been spawned since the last call, those of other threads included. `None` where it cannot be told.
    pub(super) fn since_last(&mut self) -> Option<usize> {
        let own = self.counting.spawn(async {}).id();
        // The only number that tokio shows of it. Where it is no number, nothing can be told, and this returns `None`.
        let now = own.to_string().parse().ok();
        let last = std::mem::replace(&mut self.last, now);
        usize::try_from(now?.checked_sub(last?)?.checked_sub(1)?).ok()
    }
}

#[cfg(test)]
mod tests {
    use tokio::runtime::Builder;

    use super::TaskIds;

    /// Tests beside this one may spawn tasks, too: it may show more, never less.
    #[test]
    fn no_spawn_goes_unnoticed() {
        let runtime = Builder::new_current_thread().build().unwrap();
        let mut ids = TaskIds::new();
        assert_eq!(ids.since_last(), None, "nothing to compare with");
        for spawned in [0, 1, 5] {
            runtime.block_on(async {
                for _ in 0..spawned {
                    tokio::spawn(async {}).await.unwrap();
                }
            });
            let counted = ids.since_last().expect("tokio numbers its tasks");
            assert!(counted >= spawned, "{counted} of {spawned}");
        }
        let quiet = (0..1_000).any(|_| ids.since_last() == Some(0));
        assert!(quiet, "nothing is spawned between two calls in a row");
    }
}
