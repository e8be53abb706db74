use std::collections::VecDeque;
use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use tokio::sync::Mutex;
use tokio::time::timeout;

use super::{Channel, Frame, Socket};
use crate::events::Event;
use crate::{EventSink, SinkClosed, UserId};

/// How many frames are kept for a client that is not connected.
const BUFFER: usize = 256;

/// How long a client may take to acknowledge a frame.
const PATIENCE: Duration = Duration::from_secs(10);

/// The channel of one user: frames are numbered, sent one at a time, and kept until the client acknowledges them.
///
/// A frame whose acknowledgement is lost is not sent again by itself. The client says, when it connects again, which number it
/// has received last; what comes after that is sent in order. So each event arrives at most once, and exactly once if the client
/// comes back before the buffer is full.
///
/// ```
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// use std::sync::{Arc, Mutex};
///
/// use ssot_reference::delivery::{Channel, Frame, Socket, UnifiedWebSocketEmitter};
/// use ssot_reference::events::{Event, EventPayload};
/// use ssot_reference::{EventSink, SinkClosed};
///
/// #[derive(Debug, Default)]
/// struct Client(Mutex<Vec<u64>>);
///
/// #[async_trait::async_trait]
/// impl Socket for Client {
///     async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
///         self.0.lock().unwrap().push(frame.number);
///         Ok(())
///     }
/// }
///
/// let client = Arc::new(Client::default());
/// let emitter = UnifiedWebSocketEmitter::disconnected("ada".into());
/// emitter
///     .deliver(&Event {
///         payload: EventPayload::AgentStarted { agent_name: "billing".into() },
///         user_id: "ada".into(),
///         thread_id: "thread-1".into(),
///         run_id: "run-1".into(),
///     })
///     .await?;
/// emitter.reconnect(client.clone(), 0).await?;
/// assert_eq!(*client.0.lock().unwrap(), [1]);
/// # Ok(())
/// # }
/// ```
#[derive(Debug)]
pub struct UnifiedWebSocketEmitter {
    user: UserId,
    // An async lock: it keeps the order while a frame waits for its acknowledgement, and only this user waits for it.
    line: Mutex<Line>,
}

#[derive(Debug, Default)]
struct Line {
    socket: Option<Arc<dyn Socket>>,
    last: u64,
    unacknowledged: VecDeque<Frame>,
    closed: bool,
}

impl UnifiedWebSocketEmitter {
    /// Creates the channel of this user, to this socket.
    #[must_use]
    pub fn new(user: UserId, socket: Arc<dyn Socket>) -> Self {
        let line = Line {
            socket: Some(socket),
            ..Line::default()
        };
        Self {
            user,
            line: Mutex::new(line),
        }
    }

    /// Creates the channel of this user, which keeps what it is given until [`reconnect`](Channel::reconnect) is called.
    #[must_use]
    pub fn disconnected(user: UserId) -> Self {
        Self {
            user,
            line: Mutex::default(),
        }
    }

    /// The number of frames that the client has not acknowledged.
    pub async fn pending(&self) -> usize {
        self.line.lock().await.unacknowledged.len()
    }
}

impl Line {
    /// Sends what is kept, in order, until the connection is lost.
    async fn flush(&mut self) -> Result<(), SinkClosed> {
        while let Some(frame) = self.unacknowledged.front() {
            // Taken out while the frame is on its way: if this call is dropped, nobody knows whether the frame arrived, and the
            // client has to say so.
            let socket = self.socket.take().ok_or(SinkClosed)?;
            timeout(PATIENCE, socket.send(frame))
                .await
                .map_err(|_| SinkClosed)??;
            self.socket = Some(socket);
            self.unacknowledged.pop_front();
        }
        Ok(())
    }
}

#[async_trait]
impl EventSink for UnifiedWebSocketEmitter {
    /// Numbers the event and sends it. If there is no connection, the event is kept.
    ///
    /// An error means that the event is neither sent nor kept: it is another user's, the buffer is full, or the channel is closed.
    async fn deliver(&self, event: &Event) -> Result<(), SinkClosed> {
        let mut line = self.line.lock().await;
        if event.user_id != self.user || line.closed || line.unacknowledged.len() >= BUFFER {
            return Err(SinkClosed);
        }
        line.last += 1;
        let frame = Frame {
            number: line.last,
            event: event.clone(),
        };
        line.unacknowledged.push_back(frame);
        // What could not be sent is kept, which is no failure before `close`.
        match line.flush().await {
            Ok(()) | Err(SinkClosed) => Ok(()),
        }
    }

    /// Refuses further events.
    ///
    /// # Errors
    ///
    /// Returns an error if there are frames that the client has not acknowledged; they are kept for the next connection.
    async fn close(&self) -> Result<(), SinkClosed> {
        let mut line = self.line.lock().await;
        line.closed = true;
        if line.unacknowledged.is_empty() {
            Ok(())
        } else {
            Err(SinkClosed)
        }
    }
}

#[async_trait]
impl Channel for UnifiedWebSocketEmitter {
    async fn reconnect(&self, socket: Arc<dyn Socket>, received: u64) -> Result<(), SinkClosed> {
        let mut line = self.line.lock().await;
        line.unacknowledged.retain(|frame| frame.number > received);
        line.socket = Some(socket);
        line.flush().await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Guarded;
    use crate::events::EventPayload;

    /// A client whose connection breaks at one frame, before or after it has received it.
    #[derive(Debug, Default)]
    struct Client {
        received: Guarded<Vec<u64>>,
        breaks_before: u64,
        breaks_after: u64,
        stalls: bool,
    }

    #[async_trait]
    impl Socket for Client {
        async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
            tokio::task::yield_now().await;
            if self.stalls {
                std::future::pending::<()>().await;
            }
            if frame.number == self.breaks_before {
                return Err(SinkClosed);
            }
            self.received.with(|received| received.push(frame.number));
            if frame.number == self.breaks_after {
                return Err(SinkClosed);
            }
            Ok(())
        }
    }

    impl Client {
        fn received(&self) -> Vec<u64> {
            self.received.with(|received| received.clone())
        }
    }

    fn event(user: &str) -> Event {
        Event {
            payload: EventPayload::AgentThinking { thought: "hm".into() },
            user_id: user.into(),
            thread_id: "t".into(),
            run_id: "r".into(),
        }
    }

    async fn deliver(emitter: &UnifiedWebSocketEmitter, times: usize) {
        for _ in 0..times {
            assert_eq!(emitter.deliver(&event("ada")).await, Ok(()));
        }
    }

    #[tokio::test]
    async fn every_event_arrives_once_and_in_order_whenever_the_connection_breaks() {
        for (before, after) in [(2, 0), (0, 2), (1, 0), (0, 3), (0, 0)] {
            let first = Arc::new(Client {
                breaks_before: before,
                breaks_after: after,
                ..Client::default()
            });
            let second = Arc::new(Client::default());
            let emitter = UnifiedWebSocketEmitter::new("ada".into(), first.clone());
            deliver(&emitter, 3).await;
            let last = first.received().last().copied().unwrap_or(0);
            assert_eq!(emitter.reconnect(second.clone(), last).await, Ok(()));
            deliver(&emitter, 1).await;
            let all = [first.received(), second.received()].concat();
            assert_eq!(all, [1, 2, 3, 4], "breaks before {before}, after {after}");
            assert_eq!(emitter.close().await, Ok(()));
        }
    }

    #[tokio::test]
    async fn a_delivery_that_is_dropped_is_not_repeated_until_the_client_says_what_it_has() {
        let client = Arc::new(Client {
            stalls: true,
            ..Client::default()
        });
        let emitter = UnifiedWebSocketEmitter::new("ada".into(), client);
        let event = event("ada");
        tokio::select! {
            biased;
            _ = emitter.deliver(&event) => panic!("the client stalls"),
            () = tokio::task::yield_now() => {}
        }
        assert_eq!(emitter.pending().await, 1);
        let back = Arc::new(Client::default());
        assert_eq!(emitter.reconnect(back.clone(), 1).await, Ok(()));
        deliver(&emitter, 1).await;
        assert_eq!(back.received(), [2]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_stalls_costs_its_connection_and_no_event() {
        let client = Arc::new(Client {
            stalls: true,
            ..Client::default()
        });
        let emitter = UnifiedWebSocketEmitter::new("ada".into(), client);
        deliver(&emitter, 1).await;
        let back = Arc::new(Client::default());
        assert_eq!(emitter.reconnect(back.clone(), 0).await, Ok(()));
        assert_eq!(back.received(), [1]);
    }

    #[tokio::test]
    async fn what_cannot_be_kept_is_refused() {
        let emitter = UnifiedWebSocketEmitter::disconnected("ada".into());
        assert_eq!(emitter.deliver(&event("ben")).await, Err(SinkClosed));
        deliver(&emitter, BUFFER).await;
        assert_eq!(emitter.deliver(&event("ada")).await, Err(SinkClosed));
        assert_eq!(emitter.close().await, Err(SinkClosed));
        let client = Arc::new(Client::default());
        assert_eq!(emitter.reconnect(client.clone(), 0).await, Ok(()));
        assert_eq!(client.received().len(), BUFFER);
        assert_eq!(
            emitter.deliver(&event("ada")).await,
            Err(SinkClosed),
            "it is closed"
        );
        assert_eq!(emitter.close().await, Ok(()));
    }
}
