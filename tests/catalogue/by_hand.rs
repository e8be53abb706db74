//! What the tests share: users, and futures that are polled by hand.

use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use ssot_harness::reference::RequestIds;
use ssot_harness::reference::{
    Answer, CreateError, EngineFactory, EventSink, ExecutionEngine, Mailbox, Request, RunError,
};

/// A user whose thread and session have the same names as everybody's.
pub(crate) fn user(name: &str) -> RequestIds {
    RequestIds {
        user: name.into(),
        thread: "thread-1".into(),
        run: format!("run-{name}").into(),
        session: "session-1".into(),
    }
}

/// A user's engine, and the mailbox that its events go to.
pub(crate) async fn engine_for(
    factory: &dyn EngineFactory,
    name: &str,
) -> Result<(Arc<dyn ExecutionEngine>, Arc<Mailbox>), CreateError> {
    let mailbox = Arc::new(Mailbox::default());
    let sink: Arc<dyn EventSink> = mailbox.clone();
    Ok((factory.create_for_user(user(name), sink).await?, mailbox))
}

/// What a user asks whose secret is `secret-of-NAME`.
pub(crate) fn secret_request(name: &str) -> Request {
    Request::new("billing", format!("my card is {}", secret(name)))
}

pub(crate) fn secret(name: &str) -> String {
    format!("secret-of-{name}")
}

/// Creates an engine, asks once, closes it.
pub(crate) async fn visit(
    factory: &dyn EngineFactory,
    name: &str,
) -> Result<(Answer, Arc<Mailbox>), RunError> {
    let (engine, mailbox) = engine_for(factory, name)
        .await
        .expect("the identity is valid and the limit far");
    let answer = engine.run(secret_request(name)).await?;
    engine.close().await.expect("background tasks end well");
    Ok((answer, mailbox))
}

/// A future that goes on only when it is told to.
pub(crate) struct ByHand<'a, T>(Pin<Box<dyn Future<Output = T> + 'a>>);

impl<'a, T> ByHand<'a, T> {
    pub(crate) fn new(future: impl Future<Output = T> + 'a) -> Self {
        Self(Box::pin(future))
    }

    /// Polls once; no spawned task runs, and no time goes by.
    pub(crate) fn poll(&mut self) -> Option<T> {
        match self.0.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(output) => Some(output),
            Poll::Pending => None,
        }
    }

    /// Polls up to `polls` times; between two polls spawned tasks run and a tenth of a second goes by.
    pub(crate) async fn poll_times(&mut self, polls: usize) -> Option<T> {
        for _ in 0..polls {
            if let Some(output) = self.poll() {
                return Some(output);
            }
            settle().await;
        }
        None
    }

    /// Polls until it is done, without letting anything else run.
    ///
    /// # Panics
    ///
    /// Where it is not done after 1,000 polls.
    pub(crate) fn finish_alone(&mut self) -> T {
        (0..1_000)
            .find_map(|_| self.poll())
            .expect("done within 1,000 polls")
    }
}

/// Lets spawned tasks run, and a tenth of a second go by.
pub(crate) async fn settle() {
    tokio::time::advance(Duration::from_millis(100)).await;
    for _ in 0..8 {
        tokio::task::yield_now().await;
    }
}

/// Lets two futures go on in turn, poll by poll, until both are done.
pub(crate) async fn in_turn<T>(a: impl Future<Output = T>, b: impl Future<Output = T>) -> (T, T) {
    let (mut a, mut b) = (ByHand::new(a), ByHand::new(b));
    let (mut of_a, mut of_b) = (None, None);
    for _ in 0..1_000 {
        if of_a.is_none() {
            of_a = a.poll();
        }
        if of_b.is_none() {
            of_b = b.poll();
        }
        if of_a.is_some() && of_b.is_some() {
            break;
        }
        settle().await;
    }
    (
        of_a.expect("done within 1,000 polls"),
        of_b.expect("done within 1,000 polls"),
    )
}
