//! In which order a test is taken down, and that all of it is.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::task::yield_now;

/// What happened, in order; looked at by the last clean-up to run, which is the first that was registered.
#[derive(Clone, Default)]
struct Diary(Arc<Mutex<Vec<&'static str>>>);

impl Diary {
    fn note(&self, what: &'static str) {
        self.0.lock().unwrap().push(what);
    }

    fn read(&self) -> Vec<&'static str> {
        self.0.lock().unwrap().clone()
    }
}

struct Kept {
    diary: Diary,
}

#[async_trait]
impl SsotAsyncTestCase for Kept {
    async fn set_up(case: &Case) -> CaseResult<Self> {
        let diary = Diary::default();
        let last = diary.clone();
        case.on_cleanup(async move {
            let read = last.read();
            let expected = [
                "set-up",
                "body",
                "second of the body",
                "first of the body",
                "registered by a clean-up",
                "tear-down",
                "of the set-up",
            ];
            if read == expected {
                Ok(())
            } else {
                Err(CaseError::new(format!("{read:?}")))
            }
        });
        let of_set_up = diary.clone();
        case.on_cleanup(async move { of_set_up.note("of the set-up") });
        yield_now().await;
        diary.note("set-up");
        Ok(Self { diary })
    }

    async fn tear_down(self, _: &Case) -> CaseResult {
        yield_now().await;
        self.diary.note("tear-down");
        Ok(())
    }
}

#[ssot_harness::test]
async fn the_last_comes_first_and_each_is_awaited(kept: &mut Kept, case: &Case) {
    let [first, second, later] = [(); 3].map(|()| kept.diary.clone());
    let registering = case.clone();
    case.on_cleanup(async move {
        yield_now().await;
        first.note("first of the body");
        registering.on_cleanup(async move { later.note("registered by a clean-up") });
    });
    case.on_cleanup_within(Duration::from_secs(1), async move {
        tokio::time::sleep(Duration::from_millis(1)).await;
        second.note("second of the body");
    });
    kept.diary.note("body");
}

#[ssot_harness::test]
fn a_clean_up_may_return_any_result(case: &Case) {
    case.on_cleanup(async {});
    case.on_cleanup(async { Ok::<_, std::io::Error>(3) });
    case.on_cleanup(async { CaseResult::Ok(()) });
}
