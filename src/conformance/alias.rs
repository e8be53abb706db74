use serde::Serialize;
use serde_json::Value;

/// Two objects that share mutable state.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alias {
    /// Where the state shows, as a JSON pointer (RFC 6901) into what was read.
    pub pointer: String,
    /// What was read there before the other object was written to.
    pub before: Value,
    /// What was read there afterwards.
    pub after: Value,
}

/// Finds mutable state that two objects share: reads `watched`, lets `write` change another object, and reads `watched` again.
///
/// Immutable state that is shared does not change, so it is not reported, and neither is a value that changes between two reads
/// with no write between.
///
/// ```
/// use std::sync::{Arc, Mutex};
///
/// use ssot_harness::conformance::alias_probe;
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let model = Arc::new("a model that all share");
/// let history = Arc::new(Mutex::new(vec!["hello"]));
/// let (ada, ben) = ((Arc::clone(&model), Arc::clone(&history)), (model, history));
/// let alias = alias_probe(
///     || (*ben.0, ben.1.lock().unwrap().clone()),
///     async || ada.1.lock().unwrap().push("my card is 4711"),
/// )
/// .await
/// .unwrap();
/// assert_eq!((alias.pointer.as_str(), alias.after), ("/1/1", "my card is 4711".into()));
/// # });
/// ```
///
/// # Panics
///
/// Panics if what was read cannot be turned into JSON.
pub async fn alias_probe<T: Serialize>(read: impl Fn() -> T, write: impl AsyncFnOnce()) -> Option<Alias> {
    let read = || serde_json::to_value(read()).expect("what an alias probe reads is JSON");
    let (noise, before) = (read(), read());
    write().await;
    let after = read();
    first_difference(&before, &after, &noise, String::new())
}

/// The first place in which `after` differs from `before`, and `before` does not differ from `noise`.
fn first_difference(before: &Value, after: &Value, noise: &Value, pointer: String) -> Option<Alias> {
    let at = |key: &str| format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"));
    match (before, after) {
        (Value::Object(old), Value::Object(new)) => {
            let keys = old.keys().chain(new.keys().filter(|key| !old.contains_key(*key)));
            keys.into_iter()
                .find_map(|key| first_difference(&before[key], &after[key], &noise[key], at(key)))
        }
        (Value::Array(old), Value::Array(new)) => (0..old.len().max(new.len())).find_map(|index| {
            let at_index = |value: &Value| value.get(index).cloned().unwrap_or_default();
            first_difference(
                &at_index(before),
                &at_index(after),
                &at_index(noise),
                at(&index.to_string()),
            )
        }),
        _ if before != after && before == noise => Some(Alias {
            pointer,
            before: before.clone(),
            after: after.clone(),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};
    use std::rc::Rc;

    use serde_json::json;

    use super::*;

    fn probe<T: Serialize>(read: impl Fn() -> T, write: impl FnOnce()) -> Option<Alias> {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .build()
            .expect("it needs nothing");
        runtime.block_on(alias_probe(read, async || write()))
    }

    #[test]
    fn state_that_only_the_other_object_has_is_no_alias() {
        let (mine, other) = (RefCell::new(1), RefCell::new(1));
        assert_eq!(probe(|| *other.borrow(), || *mine.borrow_mut() += 1), None);
    }

    #[test]
    fn shared_immutable_state_is_no_alias() {
        let shared = Rc::new(json!({ "model": "large" }));
        let (mine, other) = (Rc::clone(&shared), shared);
        assert_eq!(probe(|| other.clone(), || drop(mine)), None);
    }

    #[test]
    fn a_value_that_changes_by_itself_is_no_alias() {
        let clock = Cell::new(0);
        let read = || {
            clock.set(clock.get() + 1);
            json!({ "now": clock.get(), "user": "ben" })
        };
        assert_eq!(probe(read, || ()), None);
    }

    #[test]
    fn an_alias_is_named_by_its_place() {
        let shared = Rc::new(RefCell::new(json!({ "a/b": [1, 2], "user": "ben" })));
        let alias = probe(
            || shared.borrow().clone(),
            || shared.borrow_mut()["a/b"][1] = json!(7),
        );
        let expected = Alias {
            pointer: "/a~1b/1".to_owned(),
            before: json!(2),
            after: json!(7),
        };
        assert_eq!(alias, Some(expected));
        let removed = probe(
            || shared.borrow().clone(),
            || *shared.borrow_mut() = json!({ "user": "ben" }),
        );
        assert_eq!(removed.map(|alias| alias.pointer), Some("/a~1b".to_owned()));
    }
}
