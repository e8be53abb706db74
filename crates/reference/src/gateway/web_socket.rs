use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::sync::{Notify, mpsc, oneshot};

use super::ServerMessage;
use crate::delivery::{Frame, Socket};
use crate::{Guarded, SinkClosed};

/// What the writer of a connection is given.
#[derive(Debug)]
pub(super) enum Outgoing {
    Message(ServerMessage),
    /// The client is asked for a sign of life.
    Ping,
}

/// The sending half of one client's WebSocket: a frame is sent once the client has acknowledged it.
#[derive(Clone, Debug)]
pub(crate) struct ClientSocket {
    outbox: mpsc::Sender<Outgoing>,
    awaited: Arc<Guarded<Awaited>>,
    lost: Arc<Notify>,
}

/// Who waits for an acknowledgement, by the frame's number.
#[derive(Debug, Default)]
struct Awaited {
    waiting: BTreeMap<u64, oneshot::Sender<()>>,
    is_lost: bool,
}

impl ClientSocket {
    /// Of a connection that writes what comes out of the other end.
    pub(super) fn new(outbox: mpsc::Sender<Outgoing>) -> Self {
        Self {
            outbox,
            awaited: Arc::default(),
            lost: Arc::default(),
        }
    }

    /// The client has the frame of this number, and those before it. A number that is not awaited has no effect.
    pub(super) fn acknowledge(&self, number: u64) {
        let acknowledged = self.awaited.with(|awaited| {
            let after = awaited.waiting.split_off(&number.saturating_add(1));
            std::mem::replace(&mut awaited.waiting, after)
        });
        for (_, waiting) in acknowledged {
            // Who waited may have been dropped.
            let _: Result<(), ()> = waiting.send(());
        }
    }

    /// The connection is lost, or another one takes its place: nothing is sent any more, and who waits for an acknowledgement gets none.
    pub(crate) fn lose(&self) {
        let waiting = self.awaited.with(|awaited| {
            awaited.is_lost = true;
            std::mem::take(&mut awaited.waiting)
        });
        drop(waiting);
        self.lost.notify_one();
    }

    /// Waits until the connection is lost.
    pub(super) async fn lost(&self) {
        self.lost.notified().await;
    }
}

#[async_trait]
impl Socket for ClientSocket {
    async fn send(&self, frame: &Frame) -> Result<(), SinkClosed> {
        let (acknowledge, acknowledged) = oneshot::channel();
        self.awaited.with(|awaited| {
            if awaited.is_lost {
                return Err(SinkClosed);
            }
            awaited.waiting.insert(frame.number, acknowledge);
            Ok(())
        })?;
        let message = ServerMessage::Event(frame.clone());
        self.outbox
            .send(Outgoing::Message(message))
            .await
            .map_err(|_| SinkClosed)?;
        acknowledged.await.map_err(|_| SinkClosed)
    }
}
