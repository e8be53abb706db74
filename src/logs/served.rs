use std::cell::RefCell;

use crate::trace::Observer;

thread_local! {
    static SERVED: RefCell<Option<Observer>> = const { RefCell::new(None) };
}

/// While it lives, what this thread logs is seen by a user.
#[derive(Debug)]
#[must_use = "the user sees logs only while this lives"]
pub(crate) struct Serving {
    outer: Option<Observer>,
}

/// Has a user see what this thread logs, and what is logged in spans that it opens, for as long as the guard lives.
pub(crate) fn serve(observer: &Observer) -> Serving {
    Serving {
        outer: SERVED.replace(Some(observer.clone())),
    }
}

/// The user whom this thread serves.
pub(super) fn now() -> Option<Observer> {
    // A thread whose thread-locals are torn down serves nobody any more.
    SERVED.try_with(|served| served.borrow().clone()).ok().flatten()
}

impl Drop for Serving {
    fn drop(&mut self) {
        SERVED.set(self.outer.take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::thread;

    use super::serve;
    use crate::current::CurrentTest;
    use crate::logs::{Capture, listen};
    use crate::trace::{Recorder, Surface};

    /// What two users see while the test's own crate has all its details captured.
    fn seen(work: impl FnOnce(&dyn Fn(usize, &mut dyn FnMut()))) -> Vec<(usize, String)> {
        let _capture = Capture::begin(&CurrentTest::new(module_path!(), "seen"));
        let _logs = listen();
        let recorder = Recorder::new(Arc::default());
        work(&|user, work| {
            let _served = serve(&recorder.observer(user));
            work();
        });
        let trace = recorder.finish();
        let seen = trace.observations().iter();
        seen.inspect(|seen| assert_eq!(seen.surface(), Surface::Log))
            .map(|seen| (seen.viewer(), seen.text().to_owned()))
            .collect()
    }

    #[test]
    fn a_user_sees_what_is_logged_while_it_is_served() {
        let seen = seen(|serve| {
            tracing::info!(target: "desk", "to nobody");
            serve(0, &mut || {
                tracing::info!(target: "desk", "to ada");
                serve(1, &mut || tracing::debug!(target: "desk", "to ben"));
                tracing::error!(target: "desk", "to ada again");
            });
        });
        let line = |user, level, message| {
            (
                user,
                format!(r#"{{"level":"{level}","target":"desk","message":"{message}"}}"#),
            )
        };
        assert_eq!(
            seen,
            [
                line(0, "INFO", "to ada"),
                line(1, "DEBUG", "to ben"),
                line(0, "ERROR", "to ada again")
            ]
        );
    }

    #[test]
    fn a_span_takes_its_user_to_other_threads_and_users() {
        let mut span = None;
        let seen = seen(|serve| {
            serve(0, &mut || span = Some(tracing::info_span!("serve")));
            let of_ada = span.take().unwrap();
            serve(1, &mut || of_ada.in_scope(|| tracing::info!("at ben's")));
            let inner = thread::spawn(move || {
                let _logs = listen();
                of_ada.in_scope(|| tracing::info_span!("inner").in_scope(|| tracing::info!("elsewhere")));
            });
            inner.join().unwrap();
        });
        let users: Vec<_> = seen.iter().map(|(user, _)| *user).collect();
        assert_eq!(users, [0, 0], "{seen:?}");
    }

    /// They depend on which tests run beside.
    #[test]
    fn a_user_sees_no_details() {
        let seen = seen(|serve| {
            let mut detail = None;
            serve(0, &mut || {
                tracing::trace!("a detail");
                detail = Some(tracing::trace_span!("detail"));
                tracing::trace_span!("detail").in_scope(|| tracing::info!(target: "desk", "served"));
            });
            detail.unwrap().in_scope(|| tracing::info!("later"));
        });
        let served = r#"{"level":"INFO","target":"desk","message":"served"}"#;
        assert_eq!(seen, [(0, served.to_owned())]);
    }
}
