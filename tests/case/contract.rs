//! The program of the design, as it is written there.

use std::sync::Arc;

use ssot_harness::prelude::*;
use ssot_harness::reference::{EngineFactory as _, ExecutionEngineFactory, Mailbox, Request};

struct Platform {
    factory: ExecutionEngineFactory,
}

#[async_trait]
impl SsotAsyncTestCase for Platform {
    async fn set_up(case: &Case) -> CaseResult<Self> {
        Ok(Self {
            factory: ExecutionEngineFactory::new(case.config()?),
        })
    }
    async fn tear_down(self, _case: &Case) -> CaseResult {
        self.factory.shutdown().await?;
        Ok(())
    }
}

#[ssot_harness::test(timeout = "10s")]
async fn every_user_gets_an_engine_of_their_own(platform: &mut Platform, case: &Case) -> CaseResult {
    let [ada, ben] = case.users();
    let mut answers = Vec::new();
    for user in [&ada, &ben] {
        let engine = platform
            .factory
            .create_for_user(user.context().into(), Arc::new(Mailbox::default()))
            .await?;
        let answer = engine.run(Request::new("billing", user.secret("card"))).await?;
        answers.push(answer.text);
        engine.close().await?;
    }
    assert!(answers[0].contains(&ada.secret("card")), "{answers:?}");
    assert!(!answers[1].contains(&ada.secret("card")), "{answers:?}");
    Ok(())
}

#[ssot_harness::test]
async fn a_configuration_is_read_from_the_environment(case: &Case) -> CaseResult {
    case.env().set("ENGINES_PER_USER", "1");
    case.env().set("CHAT_CALL_TIMEOUT", "1m 30s");
    let plain: ssot_harness::reference::Config = case.config()?;
    assert_eq!((plain.engines_per_user, plain.call_timeout.as_secs()), (1, 60));
    let prefixed: ssot_harness::reference::Config = case.config_of("CHAT_")?;
    assert_eq!(
        (prefixed.engines_per_user, prefixed.call_timeout.as_secs()),
        (4, 90)
    );
    case.env().set("CHAT_CALL_TIMEOUT", "soon");
    let error = case
        .config_of::<ssot_harness::reference::Config>("CHAT_")
        .unwrap_err();
    let source = std::error::Error::source(&error)
        .expect("it says why")
        .to_string();
    assert!(source.contains("`soon` is no length of time"), "{source}");
    Ok(())
}
