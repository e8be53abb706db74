//! What the users of a hunt do.

use std::pin::Pin;
use std::sync::Arc;

use async_trait::async_trait;
use ssot_harness::prelude::*;
use ssot_harness::reference::events::Event;
use ssot_harness::reference::{
    CreateError, EngineFactory, EventSink, ExecutionEngine, Request, RequestIds, SinkClosed,
};

/// A system under test; every script uses it through the same two traits.
pub(crate) type System = Box<dyn EngineFactory>;

pub(super) type Running<'a> = Pin<Box<dyn Future<Output = ScriptResult> + 'a>>;

pub(super) type Script = for<'a> fn(&'a User, &'a System) -> Running<'a>;

/// Shows the harness what its user is sent.
#[derive(Debug)]
struct Observed(Observer);

#[async_trait]
impl EventSink for Observed {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        // Where a socket would wait.
        tokio::task::yield_now().await;
        self.0.saw(Surface::Event, event);
        Ok(())
    }
}

async fn engine(
    user: &User,
    ids: RequestIds,
    system: &System,
) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
    system
        .create_for_user(ids, Arc::new(Observed(user.observer())))
        .await
}

/// Begins with the secret, so that whoever gets a part of it gets what can be told apart.
fn about_a_card(user: &User) -> Request {
    Request::new(
        "billing",
        format!("{} is my card, is it still good?", user.secret("card")),
    )
}

/// Creates an engine, asks once, closes it.
pub(super) fn ask<'a>(user: &'a User, system: &'a System) -> Running<'a> {
    Box::pin(async move {
        let engine = engine(user, user.context().into(), system).await?;
        user.saw(Surface::Reply, &engine.run(about_a_card(user)).await?);
        engine.close().await?;
        Ok(())
    })
}

/// Asks once more in the same thread.
pub(super) fn ask_twice<'a>(user: &'a User, system: &'a System) -> Running<'a> {
    Box::pin(async move {
        let engine = engine(user, user.context().into(), system).await?;
        user.saw(Surface::Reply, &engine.run(about_a_card(user)).await?);
        user.saw(
            Surface::Reply,
            &engine.run(Request::new("billing", "and until when?")).await?,
        );
        engine.close().await?;
        Ok(())
    })
}

/// Asks twice at the same time; the second call waits for its turn.
pub(super) fn ask_two_at_once<'a>(user: &'a User, system: &'a System) -> Running<'a> {
    Box::pin(async move {
        let engine = engine(user, user.context().into(), system).await?;
        let second = engine.run(Request::new("billing", "what do I owe?"));
        let (first, second) = tokio::join!(biased; engine.run(about_a_card(user)), second);
        user.saw(Surface::Reply, &first?);
        user.saw(Surface::Reply, &second?);
        engine.close().await?;
        Ok(())
    })
}

/// Asks as nobody first, as one who is not logged in yet; a sound system refuses that.
pub(super) fn ask_without_identity<'a>(user: &'a User, system: &'a System) -> Running<'a> {
    Box::pin(async move {
        let nobody = RequestIds {
            user: "".into(),
            ..user.context().into()
        };
        match engine(user, nobody, system).await {
            Ok(engine) => {
                user.saw(Surface::Reply, &engine.run(about_a_card(user)).await?);
                engine.close().await?;
            }
            Err(refused) => user.saw(Surface::Error, &refused.to_string()),
        }
        ask(user, system).await
    })
}

/// Asks something, then nothing, which is an error that the user is shown.
pub(super) fn ask_and_fail<'a>(user: &'a User, system: &'a System) -> Running<'a> {
    Box::pin(async move {
        let engine = engine(user, user.context().into(), system).await?;
        user.saw(Surface::Reply, &engine.run(about_a_card(user)).await?);
        match engine.run(Request::new("billing", "")).await {
            Ok(answer) => user.saw(Surface::Reply, &answer),
            Err(failed) => user.saw(Surface::Error, &failed.to_string()),
        }
        engine.close().await?;
        Ok(())
    })
}
