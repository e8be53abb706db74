//! Where the messages of PostgreSQL's protocol 3 begin and end, and when a session is idle.

use std::ops::Range;

/// The longest part of a message that is waited for as a whole: its kind and its length.
const HEAD: usize = 5;

/// The state of a session, as both sides' messages tell.
#[derive(Debug, Default)]
pub(super) struct Turns {
    /// Queries that the server has not said the end of.
    pending: u64,
    /// The client has sent a part of a query.
    is_open: bool,
    /// The status of the transaction, where there was an end.
    status: Option<u8>,
}

impl Turns {
    /// A session whose greeting the server has not answered yet.
    pub(super) fn begun() -> Self {
        Self {
            pending: 1,
            ..Self::default()
        }
    }

    pub(super) fn by_client(&mut self, kind: u8) {
        match kind {
            // A query, a call, and the end of a pipeline.
            b'Q' | b'F' | b'S' => {
                self.pending += 1;
                self.is_open = false;
            }
            b'P' | b'B' | b'D' | b'E' | b'C' | b'H' => self.is_open = true,
            _ => {}
        }
    }

    pub(super) fn by_server(&mut self, kind: u8, body: &[u8]) {
        if kind == b'Z' {
            self.pending = self.pending.saturating_sub(1);
            self.status = body.first().copied();
        }
    }

    /// Whether nothing is under way, so that a query may be put in between.
    pub(super) fn is_idle(&self) -> bool {
        self.pending == 0 && !self.is_open && self.status.is_some()
    }

    /// `I` outside of a transaction, `T` in one, `E` in one that failed.
    pub(super) fn status(&self) -> u8 {
        self.status.unwrap_or(b'I')
    }
}

/// What came and is not complete.
#[derive(Debug, Default)]
pub(super) struct Incoming(Vec<u8>);

impl Incoming {
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.0.extend_from_slice(bytes);
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Takes the complete messages, as they came, and shows each of them.
    pub(super) fn take(&mut self, mut each: impl FnMut(u8, &[u8])) -> Vec<u8> {
        let mut end = 0;
        while let Some(message) = message(&self.0[end..]) {
            each(self.0[end], &self.0[end + HEAD..end + message.end]);
            end += message.end;
        }
        let rest = self.0.split_off(end);
        std::mem::replace(&mut self.0, rest)
    }

    /// Takes the first message, where it is complete.
    pub(super) fn take_one(&mut self) -> Option<Vec<u8>> {
        let end = message(&self.0)?.end;
        let rest = self.0.split_off(end);
        Some(std::mem::replace(&mut self.0, rest))
    }
}

/// The range of the first message, kind and length included.
fn message(bytes: &[u8]) -> Option<Range<usize>> {
    let length = bytes.get(1..HEAD)?;
    let length = u32::from_be_bytes(length.try_into().ok()?);
    let end = 1 + usize::try_from(length).ok()?.max(4);
    (bytes.len() >= end).then_some(0..end)
}

/// A message of a kind with a text that ends in zero.
pub(super) fn text_message(kind: u8, text: &str) -> Vec<u8> {
    let length = u32::try_from(text.len() + 5).unwrap_or(u32::MAX);
    let mut bytes = vec![kind];
    bytes.extend_from_slice(&length.to_be_bytes());
    bytes.extend_from_slice(text.as_bytes());
    bytes.push(0);
    bytes
}

/// The first column of a `DataRow`, as text.
pub(super) fn first_column(body: &[u8]) -> Option<String> {
    let length = u32::from_be_bytes(body.get(2..6)?.try_into().ok()?);
    let text = body.get(6..6 + usize::try_from(length).ok()?)?;
    String::from_utf8(text.to_vec()).ok()
}

#[cfg(test)]
mod tests {
    use super::{Incoming, Turns, first_column, text_message};

    #[test]
    fn messages_are_taken_where_they_are_complete() {
        let mut incoming = Incoming::default();
        let [query, other] = [text_message(b'Q', "SELECT 1"), text_message(b'Q', "SELECT 22")];
        let both = [query.clone(), other.clone()].concat();
        let mut kinds = Vec::new();
        incoming.push(&both[..query.len() + 3]);
        assert_eq!(incoming.take(|kind, body| kinds.push((kind, body.len()))), query);
        incoming.push(&both[query.len() + 3..]);
        assert_eq!(incoming.take_one(), Some(other));
        assert!(incoming.is_empty());
        assert_eq!(kinds, [(b'Q', 9)]);
    }

    #[test]
    fn a_session_is_idle_between_its_queries() {
        let mut turns = Turns::begun();
        assert!(!turns.is_idle());
        turns.by_server(b'Z', b"I");
        assert!(turns.is_idle());
        for kind in *b"PBDE" {
            turns.by_client(kind);
            assert!(!turns.is_idle());
        }
        turns.by_client(b'S');
        turns.by_server(b'C', b"");
        assert!(!turns.is_idle());
        turns.by_server(b'Z', b"T");
        assert!(turns.is_idle() && turns.status() == b'T');
    }

    #[test]
    fn the_first_column_of_a_row_is_read() {
        assert_eq!(first_column(b"\0\x01\0\0\0\x02{}").as_deref(), Some("{}"));
        assert_eq!(first_column(b"\0\x01\xff\xff\xff\xff"), None);
    }
}
