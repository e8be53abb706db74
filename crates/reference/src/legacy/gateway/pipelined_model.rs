//! Row 50, *answer-shift*: the calls of a model share one connection, on which requests are pipelined.
//!
//! A call writes its request, waits for its turn and reads the next reply, which is its own as long as nobody gives up. A call that is dropped
//! in between leaves its reply to the next caller, and everybody after that is answered one question late.

use std::io;
use std::sync::Arc;

use async_trait::async_trait;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};
use tokio::sync::Mutex;

use crate::gateway::http_model::{self, Completion};
use crate::{Guarded, Model, ModelError, Prompt};

/// A model behind the API of chat completions, by one connection that is kept.
#[derive(Debug)]
pub struct PipelinedModel {
    /// The host and the port.
    host: String,
    path: String,
    key: String,
    model: String,
    connection: Guarded<Option<Arc<Connection>>>,
}

#[derive(Debug)]
struct Connection {
    requests: Mutex<OwnedWriteHalf>,
    replies: Mutex<BufReader<OwnedReadHalf>>,
}

impl PipelinedModel {
    /// A model of this name behind `address`, as `http://127.0.0.1:8080/v1`, with this key.
    ///
    /// # Errors
    ///
    /// Returns an error if the address is not that of an API without TLS.
    pub fn new(address: &str, key: impl Into<String>, model: impl Into<String>) -> Result<Self, ModelError> {
        let place = address
            .strip_prefix("http://")
            .and_then(|place| place.split_once('/'));
        let (host, path) = place.ok_or_else(|| ModelError::new("the address of the model is not valid"))?;
        Ok(Self {
            host: host.to_owned(),
            path: format!("/{}", path.trim_end_matches('/')),
            key: key.into(),
            model: model.into(),
            connection: Guarded::default(),
        })
    }

    async fn connection(&self) -> io::Result<Arc<Connection>> {
        if let Some(connection) = self.connection.with(|connection| connection.clone()) {
            return Ok(connection);
        }
        let stream = TcpStream::connect(&self.host).await?;
        stream.set_nodelay(true)?;
        let (replies, requests) = stream.into_split();
        let opened = Arc::new(Connection {
            requests: Mutex::new(requests),
            replies: Mutex::new(BufReader::new(replies)),
        });
        // Another call may have been quicker.
        Ok(self
            .connection
            .with(|connection| Arc::clone(connection.get_or_insert(opened))))
    }

    /// What is behind a connection that was lost is of no use to anybody.
    fn forget(&self, lost: &Arc<Connection>) {
        self.connection.with(|connection| {
            if connection
                .as_ref()
                .is_some_and(|connection| Arc::ptr_eq(connection, lost))
            {
                *connection = None;
            }
        });
    }
}

impl Connection {
    async fn call(&self, request: &[u8]) -> io::Result<Vec<u8>> {
        self.requests.lock().await.write_all(request).await?;
        let mut replies = self.replies.lock().await;
        let mut length = None;
        loop {
            let line = line(&mut replies).await?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(": ")
                && name.eq_ignore_ascii_case("content-length")
            {
                // Without a length that is a number, the body is read as chunks, which fails where it has none.
                length = value.parse().ok();
            }
        }
        match length {
            Some(length) => bytes(&mut replies, length).await,
            None => chunks(&mut replies).await,
        }
    }
}

/// A line without its end.
async fn line(replies: &mut BufReader<OwnedReadHalf>) -> io::Result<String> {
    let mut line = String::new();
    if replies.read_line(&mut line).await? == 0 {
        return Err(io::ErrorKind::UnexpectedEof.into());
    }
    line.truncate(line.trim_end().len());
    Ok(line)
}

async fn bytes(replies: &mut BufReader<OwnedReadHalf>, length: usize) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; length];
    replies.read_exact(&mut bytes).await?;
    Ok(bytes)
}

/// A body in chunks, each after its length in hexadecimal digits.
async fn chunks(replies: &mut BufReader<OwnedReadHalf>) -> io::Result<Vec<u8>> {
    let mut body = Vec::new();
    loop {
        let length =
            usize::from_str_radix(&line(replies).await?, 16).map_err(|_| io::ErrorKind::InvalidData)?;
        body.extend(bytes(replies, length).await?);
        line(replies).await?;
        if length == 0 {
            return Ok(body);
        }
    }
}

#[async_trait]
impl Model for PipelinedModel {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        let body = http_model::request(&self.model, prompt).to_string();
        let request = format!(
            "POST {}/chat/completions HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.path,
            self.host,
            self.key,
            body.len()
        );
        let unreachable = |_| ModelError::new("the model cannot be reached");
        let connection = self.connection().await.map_err(unreachable)?;
        let reply = connection.call(request.as_bytes()).await.map_err(|error| {
            self.forget(&connection);
            unreachable(error)
        })?;
        let completion: Completion = serde_json::from_slice(&reply)
            .map_err(|_| ModelError::new("the answer of the model was cut off, or is none"))?;
        completion.text()
    }
}
