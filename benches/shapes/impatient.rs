//! One connection for all, and calls that give up by themselves: who waits for its turn too long gives up after it has
//! asked, and its answer is read by the next. Nobody is dropped and nobody preempted.

use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape =
    Shape::new("given up under load", 2, || Arc::<Connection>::default()).timers();

/// How long an answer takes, and how long a call waits for it and for its turn together.
const ANSWER: Duration = Duration::from_millis(4);
const PATIENCE: Duration = Duration::from_millis(7);

#[derive(Default)]
struct Connection(rt::Mutex<VecDeque<String>>);

impl System for Connection {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            for _ in 0..2 {
                if let Ok(answer) = rt::timeout(PATIENCE, self.call(&guest.token)).await {
                    guest.saw(&answer);
                }
                rt::sleep(Duration::from_millis(1)).await;
            }
        })
    }
}

impl Connection {
    async fn call(&self, request: &str) -> String {
        let mut answers = self.0.lock().await;
        answers.push_back(request.to_owned());
        rt::sleep(ANSWER).await;
        answers.pop_front().unwrap_or_default()
    }
}
