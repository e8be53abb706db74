use std::cell::RefCell;
use std::rc::Rc;

use super::event::Emitted;
use crate::trace::Observer;

thread_local! {
    static USERS: RefCell<Option<Rc<Users>>> = const { RefCell::new(None) };
}

/// The users of an execution, each by the id that events name it by.
type Users = Vec<(String, Observer)>;

/// While it lives, users see what this thread logs in their name.
#[derive(Debug)]
#[must_use = "users see logs only while this lives"]
pub(crate) struct Naming {
    outer: Option<Rc<Users>>,
}

/// Has users see the events of this thread that name them in a field and were logged for nobody in particular, as a worker
/// that serves everybody logs them, for as long as the guard lives.
pub(crate) fn name_users(users: Vec<(String, Observer)>) -> Naming {
    Naming {
        outer: USERS.replace(Some(Rc::new(users))),
    }
}

/// Whether some user may be named by what this thread logs.
pub(super) fn is_anybody() -> bool {
    USERS.try_with(|users| users.borrow().is_some()).unwrap_or(false)
}

/// The users whom an event names: the value of a field is the user's id.
pub(super) fn by(event: &Emitted) -> Vec<Observer> {
    let users = USERS.try_with(|users| users.borrow().clone()).ok().flatten();
    let Some(users) = users else {
        return Vec::new();
    };
    let named = users.iter().filter(|(id, _)| event.has_value(id));
    named.map(|(_, observer)| observer.clone()).collect()
}

impl Drop for Naming {
    fn drop(&mut self) {
        USERS.set(self.outer.take());
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::name_users;
    use crate::current::CurrentTest;
    use crate::logs::{Capture, listen, serve};
    use crate::trace::Recorder;

    #[test]
    fn an_event_belongs_to_the_user_whose_id_is_the_value_of_a_field() {
        let _capture = Capture::begin(&CurrentTest::new(module_path!(), "named"));
        let _logs = listen();
        let recorder = Recorder::new(Arc::default());
        let [ada, ben] = ["user-1", "user-10"].map(str::to_owned);
        {
            let _named = name_users(vec![
                (ada.clone(), recorder.observer(0)),
                (ben.clone(), recorder.observer(1)),
            ]);
            tracing::info!(user = %ada, "displayed");
            tracing::info!(customer = ?ben, "debugged");
            tracing::info!(user = ada.as_str(), other = %ben, "both");
            tracing::info!(user = "user-100", text = "for user-1", "neither");
            tracing::trace!(user = %ada, "a detail");
            let _served = serve(&recorder.observer(1));
            tracing::info!(user = %ada, "served already");
        }
        tracing::info!(user = %ada, "after it");
        let trace = recorder.finish();
        let seen: Vec<_> = trace
            .observations()
            .iter()
            .map(|seen| {
                (
                    seen.viewer(),
                    seen.value()["message"].as_str().unwrap_or("").to_owned(),
                )
            })
            .collect();
        let expected = [
            (0, "displayed"),
            (1, "debugged"),
            (0, "both"),
            (1, "both"),
            (1, "served already"),
        ];
        assert_eq!(seen, expected.map(|(user, message)| (user, message.to_owned())));
    }

    #[test]
    fn a_span_names_a_user_too() {
        let _capture = Capture::begin(&CurrentTest::new(module_path!(), "span"));
        let _logs = listen();
        let recorder = Recorder::new(Arc::default());
        let _named = name_users(vec![("user-1".to_owned(), recorder.observer(0))]);
        tracing::info_span!("job", user = "user-1").in_scope(|| tracing::info!("done"));
        assert_eq!(recorder.finish().observations().len(), 1);
    }
}
