/// A place where the schedule may go on with somebody else.
///
/// The interleaver sees every await that is pending, and with an await budget the ready awaits of tokio too. A fake
/// whose awaits are always ready and not tokio's (a `HashMap` behind an `async fn`) offers none; put this where the
/// real thing would wait.
///
/// ```
/// # use std::{cell::RefCell, collections::BTreeMap};
/// struct FakeStore(RefCell<BTreeMap<String, String>>);
///
/// impl FakeStore {
///     async fn get(&self, key: &str) -> Option<String> {
///         ssot_harness::interleave::yield_point().await;
///         self.0.borrow().get(key).cloned()
///     }
/// }
/// ```
pub async fn yield_point() {
    tokio::task::yield_now().await;
}
