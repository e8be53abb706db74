//! Row 47, *connection-race*: a client that connects again is sent what it has already.
//!
//! The channel keeps the last events. Which of them the client has received is not known to it, and what the client says about it is not
//! read.

use std::collections::VecDeque;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::Mutex;

use crate::delivery::{Channel, Frame, Socket};
use crate::events::Event;
use crate::legacy::base::wrapping_factory;
use crate::{EventSink, SinkClosed, UserId};

/// How many events are kept.
const KEPT: usize = 16;

wrapping_factory! {
    /// Creates canonical engines, and channels that replay.
    ReplayingFactory {}
    given {
        fn channel(&self, _user: &UserId, socket: Arc<dyn Socket>) -> Option<Arc<dyn Channel>> {
            let line = Line { socket, kept: VecDeque::new() };
            Some(Arc::new(Replaying(Mutex::new(line))))
        }
    }
}

#[derive(Debug)]
struct Replaying(Mutex<Line>);

#[derive(Debug)]
struct Line {
    socket: Arc<dyn Socket>,
    kept: VecDeque<Frame>,
}

#[async_trait]
impl EventSink for Replaying {
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let mut line = self.0.lock().await;
        let frame = Frame {
            number: 0,
            event: event.clone(),
        };
        if line.kept.len() == KEPT {
            line.kept.pop_front();
        }
        line.kept.push_back(frame.clone());
        // What fails is kept, and replayed when the client is back.
        line.socket.send(&frame).await.ok();
        Ok(())
    }
}

#[async_trait]
impl Channel for Replaying {
    async fn reconnect(&self, socket: Arc<dyn Socket>, _received: u64) -> Result<(), SinkClosed> {
        let mut line = self.0.lock().await;
        line.socket = socket;
        for frame in &line.kept {
            line.socket.send(frame).await?;
        }
        Ok(())
    }
}
