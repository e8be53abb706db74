//! Row 50, *answer-shift*: all prompts go through one connection to the model, and a call that is dropped leaves its answer there.
//!
//! The next call reads the answer to somebody else's question.

use std::fmt;

use async_trait::async_trait;
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio::sync::Mutex;

use crate::{Model, ModelError, Prompt};

/// A model behind the API of chat completions, through one connection that is kept.
pub struct PipelinedModel {
    /// Host and port.
    address: String,
    connection: Mutex<Option<BufReader<TcpStream>>>,
}

impl PipelinedModel {
    /// A model at this host and port.
    #[must_use]
    pub fn new(address: impl Into<String>) -> Self {
        Self {
            address: address.into(),
            connection: Mutex::default(),
        }
    }
}

impl fmt::Debug for PipelinedModel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PipelinedModel").finish_non_exhaustive()
    }
}

#[async_trait]
impl Model for PipelinedModel {
    async fn complete(&self, prompt: Prompt<'_>) -> Result<String, ModelError> {
        let body =
            json!({ "model": "m", "messages": [{ "role": "user", "content": prompt.text }] }).to_string();
        let request = format!(
            "POST /v1/chat/completions HTTP/1.1\r\nhost: {}\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.address,
            body.len()
        );
        let mut connection = self.connection.lock().await;
        if connection.is_none() {
            let stream = TcpStream::connect(&self.address).await.map_err(lost)?;
            *connection = Some(BufReader::new(stream));
        }
        let Some(stream) = connection.as_mut() else {
            return Err(ModelError::new("there is no connection"));
        };
        stream
            .get_mut()
            .write_all(request.as_bytes())
            .await
            .map_err(lost)?;
        // Where the call is dropped here, the answer stays on the connection.
        let answer = read(stream).await.map_err(lost)?;
        let text = answer["choices"][0]["message"]["content"].as_str();
        text.map(str::to_owned)
            .ok_or_else(|| ModelError::new("the model gave no answer"))
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> std::io::Result<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let line = line.trim_end().to_ascii_lowercase();
        if line.is_empty() {
            break;
        }
        if let Some(value) = line.strip_prefix("content-length:") {
            length = value.trim().parse().unwrap_or(0);
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    Ok(serde_json::from_slice(&body)?)
}

fn lost(_: std::io::Error) -> ModelError {
    ModelError::new("the model cannot be reached")
}
