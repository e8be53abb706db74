use std::time::Duration;

/// What a client may do before it is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// The most bytes of a request's body, and of a message of a WebSocket.
    pub message_bytes: usize,
    /// The most questions of one connection that are being answered at once.
    pub questions_at_once: usize,
    /// The most messages of one connection within [`window`](Self::window).
    pub messages: usize,
    /// See [`messages`](Self::messages).
    pub window: Duration,
    /// How long a connection may be silent before it is asked for a sign of life, and then until it is closed.
    pub silence: Duration,
    /// How long the client may take to read what it is sent.
    pub patience: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            message_bytes: 64 * 1024,
            questions_at_once: 4,
            messages: 200,
            window: Duration::from_secs(10),
            silence: Duration::from_secs(30),
            patience: Duration::from_secs(10),
        }
    }
}
