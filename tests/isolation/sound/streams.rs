//! Answers in chunks, and a protocol of lines.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::io::{
    AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, DuplexStream, duplex,
};
use tokio::task::yield_now;
use tokio::time::sleep;

use crate::sound::told_apart::are_told_apart;

type Buffer = Arc<Mutex<Vec<u8>>>;

async fn stream(mut client: DuplexStream, text: String, buffer: Buffer) -> std::io::Result<()> {
    for part in text.as_bytes().chunks(13) {
        part.clone_into(&mut buffer.lock().unwrap());
        yield_now().await;
        let part = buffer.lock().unwrap().clone();
        client.write_all(&part).await?;
    }
    client.shutdown().await
}

/// Faulty: chunks of all answers are put together in one buffer.
fn chunks(faulty: bool) -> Check<Buffer> {
    isolation(async || Buffer::default()).users(2, async move |user: &User, shared: &Buffer| {
        let (mut client, server) = duplex(8);
        let buffer = if faulty {
            Arc::clone(shared)
        } else {
            Buffer::default()
        };
        user.saw(Surface::Event, &user.secret("text"));
        drop(tokio::spawn(stream(server, user.secret("text"), buffer)));
        let mut text = String::new();
        client.read_to_string(&mut text).await?;
        user.saw(Surface::Reply, &text);
        Ok(())
    })
}

#[test]
fn an_answer_in_chunks() {
    are_told_apart(Kind::ContextLeak, chunks);
}

/// `name …` says who asks, `who` asks it back.
async fn serve(connection: DuplexStream, name: Arc<Mutex<String>>) -> std::io::Result<()> {
    let (requests, mut answers) = tokio::io::split(connection);
    let mut requests = BufReader::new(requests).lines();
    while let Some(request) = requests.next_line().await? {
        let answer = match request.split_once(' ') {
            Some(("name", called)) => {
                called.clone_into(&mut name.lock().unwrap());
                "welcome\n".to_owned()
            }
            _ => format!("{}\n", name.lock().unwrap()),
        };
        sleep(Duration::from_millis(1)).await;
        answers.write_all(answer.as_bytes()).await?;
    }
    Ok(())
}

/// Faulty: the server keeps the name, and not the connection.
fn lines(faulty: bool) -> Check<Arc<Mutex<String>>> {
    isolation(async || Arc::<Mutex<String>>::default()).users(
        3,
        async move |user: &User, shared: &Arc<Mutex<String>>| {
            let (client, server) = duplex(64);
            let name = if faulty {
                Arc::clone(shared)
            } else {
                Arc::default()
            };
            user.saw(Surface::Event, &user.secret("name"));
            drop(tokio::spawn(serve(server, name)));
            let (answers, mut requests) = tokio::io::split(client);
            let mut answers = BufReader::new(answers).lines();
            for request in [format!("name {}\n", user.secret("name")), "who\n".to_owned()] {
                requests.write_all(request.as_bytes()).await?;
                user.saw(Surface::Reply, &answers.next_line().await?);
            }
            Ok(())
        },
    )
}

#[test]
fn a_protocol_of_lines() {
    are_told_apart(Kind::ContextLeak, lines);
}
