//! A worker behind a queue, and one queue of answers: whoever holds that one reads the answer to its own request, or to
//! that of a call which was dropped while it waited.

use std::sync::Arc;

use super::rt;
use super::shape::{Guest, Script, Shape, System};

pub(super) const SHAPE: Shape = Shape::new("dropped call in a queue", 2, || Arc::new(Queue::new()))
    .drops(1)
    .spawns();

struct Queue {
    requests: rt::mpsc::Sender<String>,
    answers: rt::Mutex<rt::mpsc::Receiver<String>>,
}

impl Queue {
    fn new() -> Self {
        let (requests, mut requested) = rt::mpsc::channel::<String>(8);
        let (answer, answers) = rt::mpsc::channel(8);
        // It ends with the queue, whose sender is the only one.
        drop(rt::spawn(async move {
            while let Some(request) = requested.recv().await {
                rt::yield_now().await;
                if answer.send(request).await.is_err() {
                    return;
                }
            }
        }));
        Self {
            requests,
            answers: rt::Mutex::new(answers),
        }
    }
}

impl System for Queue {
    fn user(self: Arc<Self>, guest: Guest) -> Script {
        Box::pin(async move {
            let mut answers = self.answers.lock().await;
            self.requests
                .send(guest.token.clone())
                .await
                .expect("the worker listens until the queue is gone");
            guest.saw(&answers.recv().await.expect("the worker answers every request"));
        })
    }
}
