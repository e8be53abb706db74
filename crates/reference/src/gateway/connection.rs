use std::sync::Arc;

use axum::extract::ws::{CloseFrame, Message, WebSocket, close_code};
use futures_util::stream::{SplitSink, SplitStream};
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinSet};
use tokio::time::timeout;

use super::pace::Pace;
use super::state::GatewayState;
use super::web_socket::{ClientSocket, Outgoing};
use super::{Claims, ClientMessage, Reply, ServerMessage};
use crate::platform::Session;

/// How many messages wait for a client that reads slowly.
const OUTBOX: usize = 16;

/// Why a connection ends.
#[derive(Clone, Copy, Debug)]
enum Closing {
    /// The client has closed it or is gone, or has another connection.
    Gone,
    TooMany,
    NoText,
    Expired,
}

impl Closing {
    fn frame(self) -> Option<CloseFrame> {
        let (code, reason) = match self {
            Self::Gone => return None,
            Self::TooMany => (close_code::POLICY, "too many messages; connect again later"),
            Self::NoText => (close_code::UNSUPPORTED, "send text"),
            Self::Expired => (close_code::POLICY, "the token has expired; log in again"),
        };
        Some(CloseFrame {
            code,
            reason: reason.into(),
        })
    }
}

/// One WebSocket of a session.
#[derive(Debug)]
pub(super) struct Connection {
    pub(super) gateway: Arc<GatewayState>,
    pub(super) claims: Claims,
    pub(super) session: Session,
    /// The number of the last event that the client has.
    pub(super) received: u64,
}

impl Connection {
    /// Serves it until it ends. What is being answered then goes on, and its events wait for the next connection. Where the token has expired there can be none, and
    /// the session ends with the last answer.
    pub(super) async fn serve(self, web_socket: WebSocket) {
        let (sink, mut stream) = web_socket.split();
        let (outbox, outgoing) = mpsc::channel(OUTBOX);
        let (close, closed) = oneshot::channel();
        let patience = self.gateway.limits.patience;
        // A client that does not read holds up this task, and nobody else.
        let writer = tokio::spawn(write(sink, outgoing, closed, patience));
        let socket = ClientSocket::new(outbox.clone());
        let (place, own) = self.gateway.connections.enter(self.session.id(), &socket);
        let (gateway, session, received) = (Arc::clone(&self.gateway), self.session.clone(), self.received);
        // Sending what the client has missed takes its acknowledgements, which are read meanwhile.
        let connected = tokio::spawn(async move {
            // Whether all of it was taken shows the next connection.
            let _: Result<(), _> = gateway.platform.connect(&session, own, received).await;
        });
        let mut answers = JoinSet::new();
        let closing = self.read(&mut stream, &socket, &outbox, &mut answers).await;
        socket.lose();
        self.gateway.connections.leave(self.session.id(), place);
        // The writer has ended where the client is gone.
        let _: Result<(), Closing> = close.send(closing);
        drop(outbox);
        while let Some(answered) = answers.join_next().await {
            unless_panicked(answered);
        }
        unless_panicked(connected.await);
        unless_panicked(writer.await);
        if matches!(closing, Closing::Expired) {
            self.gateway.expire(&self.session).await;
        }
    }

    async fn read(
        &self,
        stream: &mut SplitStream<WebSocket>,
        socket: &ClientSocket,
        outbox: &mpsc::Sender<Outgoing>,
        answers: &mut JoinSet<()>,
    ) -> Closing {
        let limits = self.gateway.limits;
        let mut pace = Pace::new(limits);
        let mut is_asked = false;
        loop {
            let read = tokio::select! {
                biased;
                () = socket.lost() => return Closing::Gone,
                read = timeout(limits.silence, stream.next()) => read,
            };
            let message = match read {
                Ok(Some(Ok(message))) => message,
                Ok(Some(Err(_)) | None) => return Closing::Gone,
                // Half open, or asleep: it is asked once.
                Err(_) if is_asked || outbox.try_send(Outgoing::Ping).is_err() => return Closing::Gone,
                Err(_) => {
                    is_asked = true;
                    continue;
                }
            };
            is_asked = false;
            if !pace.allows() {
                return Closing::TooMany;
            }
            let text = match message {
                Message::Text(text) => text,
                Message::Ping(_) | Message::Pong(_) => continue,
                Message::Close(_) => return Closing::Gone,
                Message::Binary(_) => return Closing::NoText,
            };
            if self.gateway.check(&self.claims, &self.session).is_err() {
                return Closing::Expired;
            }
            match serde_json::from_str(&text) {
                Ok(ClientMessage::Ack { number }) => socket.acknowledge(number),
                Ok(ClientMessage::Ask { id, thread, message }) => {
                    while let Some(answered) = answers.try_join_next() {
                        unless_panicked(answered);
                    }
                    if answers.len() >= limits.questions_at_once {
                        refuse(outbox, Some(id), "too many questions at once; wait for an answer").await;
                    } else {
                        self.answer(outbox.clone(), answers, id, (thread, message));
                    }
                }
                Err(error) => refuse(outbox, None, &format!("this is no message of a client: {error}")).await,
            }
        }
    }

    fn answer(
        &self,
        outbox: mpsc::Sender<Outgoing>,
        answers: &mut JoinSet<()>,
        id: String,
        (thread, message): (String, String),
    ) {
        let (gateway, session) = (Arc::clone(&self.gateway), self.session.clone());
        answers.spawn(async move {
            let message = match gateway.ask(&session, thread, message).await {
                Ok(stored) => Reply::Answer {
                    answer_to: id,
                    text: stored.run.answer,
                },
                Err(error) => Reply::Refused {
                    answer_to: Some(id),
                    error: error.message(),
                },
            };
            // The client may be gone; its run is stored.
            let _: Result<(), _> = outbox
                .send(Outgoing::Message(ServerMessage::Reply(message)))
                .await;
        });
    }
}

async fn write(
    mut sink: SplitSink<WebSocket, Message>,
    mut outgoing: mpsc::Receiver<Outgoing>,
    mut closed: oneshot::Receiver<Closing>,
    patience: std::time::Duration,
) {
    loop {
        let message = tokio::select! {
            biased;
            closing = &mut closed => {
                if let Some(frame) = closing.ok().and_then(Closing::frame) {
                    // The client may be gone, or not read: the connection ends all the same.
                    let _ = timeout(patience, sink.send(Message::Close(Some(frame)))).await;
                }
                return;
            }
            message = outgoing.recv() => message,
        };
        let message = match message {
            None => return,
            Some(Outgoing::Ping) => Message::Ping(Vec::new().into()),
            Some(Outgoing::Message(message)) => match serde_json::to_string(&message) {
                Ok(text) => Message::text(text),
                Err(error) => unreachable!("a message is plain data: {error}"),
            },
        };
        if !matches!(timeout(patience, sink.send(message)).await, Ok(Ok(()))) {
            return;
        }
    }
}

/// A panic of a task of the connection is one of the connection. Nobody aborts them.
fn unless_panicked(joined: Result<(), JoinError>) {
    if let Err(error) = joined
        && error.is_panic()
    {
        std::panic::resume_unwind(error.into_panic());
    }
}

async fn refuse(outbox: &mpsc::Sender<Outgoing>, answer_to: Option<String>, error: &str) {
    let refused = Reply::Refused {
        answer_to,
        error: error.to_owned(),
    };
    // The client may be gone, which the next read shows.
    let _: Result<(), _> = outbox
        .send(Outgoing::Message(ServerMessage::Reply(refused)))
        .await;
}
