//! The programs of the design, as written there.

use std::sync::Arc;

use serde::{Deserialize, Serialize};
use ssot_harness::prelude::*;
use tokio::sync::Mutex;

/// A chat service that keeps the question it is answering where every user can see it.
#[derive(Debug, Default)]
struct Leaky {
    question: Mutex<String>,
}

impl Leaky {
    fn new() -> Self {
        Self::default()
    }

    async fn ask(&self, _user: &str, card: &str) -> Result<String, std::io::Error> {
        card.clone_into(&mut *self.question.lock().await);
        tokio::task::yield_now().await;
        Ok(format!("charged {}", self.question.lock().await))
    }
}

#[test]
fn a_leak_is_found() {
    let failure = isolation(async || Leaky::new())
        .users(3, async |user: &User, chat: &Leaky| {
            let answer = chat.ask(user.id(), &user.secret("card")).await?;
            user.saw(Surface::Reply, &answer);
            Ok(())
        })
        .without_regressions()
        .check()
        .unwrap_err();
    println!("{failure:?}");
    assert_eq!(failure.kind(), FailureKind::Violation);
}
