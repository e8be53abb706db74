use std::io;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::stream::Stream;
use crate::trace::{Observer, Surface};

/// How many bytes are read at a time.
const CHUNK: usize = 4096;

/// A stream to the application on which the script itself speaks: see [`HttpClient::raw`](super::HttpClient::raw).
///
/// What is read is observed when the stream is dropped, as one text.
#[derive(Debug)]
pub struct RawStream {
    stream: Stream,
    observer: Observer,
    read: Vec<u8>,
    has_ended: bool,
}

impl RawStream {
    pub(super) fn new(stream: Stream, observer: Observer) -> Self {
        Self {
            stream,
            observer,
            read: Vec::new(),
            has_ended: false,
        }
    }

    /// Sends bytes. With a small buffer it waits until the application has read them.
    ///
    /// # Errors
    ///
    /// Where the application has closed the stream.
    pub async fn send(&mut self, bytes: impl AsRef<[u8]>) -> io::Result<()> {
        self.stream.write_all(bytes.as_ref()).await?;
        self.stream.flush().await
    }

    /// Closes the client's half: the application reads the end, and may still answer.
    ///
    /// # Errors
    ///
    /// Where the stream is closed already.
    pub async fn half_close(&mut self) -> io::Result<()> {
        self.stream.shutdown().await
    }

    /// The next bytes, as many as there are; empty at the end.
    ///
    /// # Errors
    ///
    /// Those of the stream.
    pub async fn read(&mut self) -> io::Result<Vec<u8>> {
        let mut chunk = vec![0; CHUNK];
        let length = self.stream.read(&mut chunk).await?;
        chunk.truncate(length);
        self.has_ended |= length == 0;
        self.read.extend_from_slice(&chunk);
        Ok(chunk)
    }

    /// What is left, read to the end, as text; what is not UTF-8 is replaced.
    ///
    /// # Errors
    ///
    /// Those of the stream.
    pub async fn read_to_end(&mut self) -> io::Result<String> {
        let start = self.read.len();
        while !self.read().await?.is_empty() {}
        Ok(String::from_utf8_lossy(&self.read[start..]).into_owned())
    }
}

impl Drop for RawStream {
    fn drop(&mut self) {
        if self.read.is_empty() && !self.has_ended {
            return;
        }
        let text = String::from_utf8_lossy(&self.read);
        let seen = if self.has_ended {
            json!({ "stream": text })
        } else {
            json!({ "stream": text, "unfinished": true })
        };
        self.observer.saw(Surface::Reply, &seen);
    }
}
