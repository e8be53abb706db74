//! A connection that several share, with several requests under way.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::io::{
    AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, Lines, ReadHalf, WriteHalf, duplex,
};
use tokio::sync::{self, mpsc, oneshot};
use tokio::time::sleep;

use crate::sound::told_apart::are_told_apart;

/// Answers every line with its echo, in order.
async fn echo(connection: DuplexStream) -> std::io::Result<()> {
    let (requests, mut answers) = tokio::io::split(connection);
    let mut requests = BufReader::new(requests).lines();
    while let Some(request) = requests.next_line().await? {
        sleep(Duration::from_millis(1)).await;
        answers.write_all(format!("echo {request}\n").as_bytes()).await?;
    }
    Ok(())
}

type Line = Lines<BufReader<ReadHalf<DuplexStream>>>;
type Waiting = Arc<Mutex<VecDeque<oneshot::Sender<String>>>>;

/// Requests that are written whole, and each answer read for whoever is next.
async fn drive(
    mut requests: mpsc::Receiver<(String, oneshot::Sender<String>)>,
    mut to: WriteHalf<DuplexStream>,
    mut from: Line,
) {
    let waiting = Waiting::default();
    let waiters = Arc::clone(&waiting);
    tokio::spawn(async move {
        while let Ok(Some(answer)) = from.next_line().await {
            let next = waiters.lock().unwrap().pop_front();
            if let Some(waiter) = next {
                // Whoever asked may be gone; the answer is that one's all the same.
                drop(waiter.send(answer));
            }
        }
    });
    while let Some((request, waiter)) = requests.recv().await {
        waiting.lock().unwrap().push_back(waiter);
        if to.write_all(format!("{request}\n").as_bytes()).await.is_err() {
            break;
        }
    }
}

enum Store {
    /// A task has the connection.
    Driven(mpsc::Sender<(String, oneshot::Sender<String>)>),
    /// Whoever asks writes the request and reads the answer.
    Locked(sync::Mutex<(WriteHalf<DuplexStream>, Line)>),
}

impl Store {
    fn new(driven: bool) -> Self {
        let (client, server) = duplex(64);
        tokio::spawn(echo(server));
        let (from, to) = tokio::io::split(client);
        let from = BufReader::new(from).lines();
        if driven {
            let (requests, queue) = mpsc::channel(4);
            tokio::spawn(drive(queue, to, from));
            Self::Driven(requests)
        } else {
            Self::Locked(sync::Mutex::new((to, from)))
        }
    }

    async fn get(&self, key: String) -> Result<Option<String>, Box<dyn std::error::Error + Send + Sync>> {
        match self {
            Self::Driven(requests) => {
                let (answer, answered) = oneshot::channel();
                requests.send((key, answer)).await?;
                Ok(Some(answered.await?))
            }
            Self::Locked(connection) => {
                let mut connection = connection.lock().await;
                connection.0.write_all(format!("{key}\n").as_bytes()).await?;
                Ok(connection.1.next_line().await?)
            }
        }
    }
}

/// Faulty: a dropped call leaves its answer for whoever is next.
fn pipelined(faulty: bool) -> Check<Store> {
    isolation(async move || Store::new(!faulty)).users(3, async |user: &User, store: &Store| {
        user.saw(Surface::Event, &user.secret("key"));
        user.saw(Surface::Reply, &store.get(user.secret("key")).await?);
        Ok(())
    })
}

#[test]
fn a_pipelined_connection_whose_calls_are_dropped() {
    are_told_apart(Kind::ContextLeak, pipelined);
}
