use std::fmt;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use hyper::body::{Body, Bytes, Frame, SizeHint};
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::net::TcpStream;

/// A stream to an application: in memory, or by a socket.
pub(super) trait Io: AsyncRead + AsyncWrite + fmt::Debug + Send + Unpin {}

impl Io for DuplexStream {}
impl Io for TcpStream {}

pub(super) type Stream = Box<dyn Io>;

/// Closes the client's half of a stream as soon as a request has been written.
#[derive(Debug, Default)]
pub(super) struct HalfClose {
    is_wanted: AtomicBool,
    has_written: AtomicBool,
    has_ended: AtomicBool,
}

impl HalfClose {
    /// Has the next request be the last.
    pub(super) fn arm(&self) {
        self.has_written.store(false, Ordering::Relaxed);
        self.has_ended.store(false, Ordering::Relaxed);
        self.is_wanted.store(true, Ordering::Relaxed);
    }

    fn is_due(&self) -> bool {
        [&self.is_wanted, &self.has_written, &self.has_ended]
            .iter()
            .all(|flag| flag.load(Ordering::Relaxed))
    }
}

/// A client's end of a stream.
#[derive(Debug)]
pub(super) struct ClientStream {
    stream: Stream,
    half_close: Arc<HalfClose>,
}

impl ClientStream {
    pub(super) fn new(stream: Stream, half_close: Arc<HalfClose>) -> Self {
        Self { stream, half_close }
    }
}

impl AsyncRead for ClientStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_read(cx, buffer)
    }
}

impl AsyncWrite for ClientStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let written = ready!(Pin::new(&mut self.stream).poll_write(cx, bytes))?;
        self.half_close.has_written.store(true, Ordering::Relaxed);
        Poll::Ready(Ok(written))
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.stream).poll_flush(cx))?;
        if self.half_close.is_due() {
            ready!(Pin::new(&mut self.stream).poll_shutdown(cx))?;
            self.half_close.is_wanted.store(false, Ordering::Relaxed);
        }
        Poll::Ready(Ok(()))
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}

/// The body of a request after which the client's half is closed: it is told when all of it is there to be written.
pub(super) struct LastBody<B> {
    body: B,
    half_close: Arc<HalfClose>,
}

impl<B: Body> LastBody<B> {
    pub(super) fn new(body: B, half_close: Arc<HalfClose>) -> Self {
        half_close
            .has_ended
            .store(body.is_end_stream(), Ordering::Relaxed);
        Self { body, half_close }
    }
}

impl<B: Body<Data = Bytes> + Unpin> Body for LastBody<B> {
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(cx));
        if frame.is_none() || self.body.is_end_stream() {
            self.half_close.has_ended.store(true, Ordering::Relaxed);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
