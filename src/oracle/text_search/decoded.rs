//! What is decoded from a text, with or without where it comes from.

use std::ops::Range;

/// Bytes that are decoded from a text, one after another.
///
/// Most texts hide nothing, and searching them is what takes a check's time: where a byte comes from is kept only by
/// [`Traced`], for texts in which something was found.
pub(in crate::oracle) trait Decoded: Default {
    /// Whether it keeps where bytes come from.
    const IS_TRACED: bool;

    fn with_capacity(bytes: usize) -> Self;

    /// The text itself.
    fn whole(text: &[u8]) -> Self;

    /// Adds a byte that is decoded from this range of the text.
    fn push(&mut self, byte: u8, origin: Range<usize>);

    /// Adds bytes, each decoded from the range that `origin` gives for its index.
    fn push_all(&mut self, bytes: &[u8], origin: impl Fn(usize) -> Range<usize>);

    /// Adds all of `next` behind what is there.
    fn append(&mut self, next: &Self);

    fn bytes(&self) -> &[u8];

    /// Takes it as decoded from what `outer`, from its byte `start` on, is decoded from.
    #[must_use]
    fn within(self, outer: &Self, start: usize) -> Self;
}

impl Decoded for Vec<u8> {
    const IS_TRACED: bool = false;

    fn with_capacity(bytes: usize) -> Self {
        Self::with_capacity(bytes)
    }

    fn whole(text: &[u8]) -> Self {
        text.to_vec()
    }

    fn push(&mut self, byte: u8, _origin: Range<usize>) {
        self.push(byte);
    }

    fn push_all(&mut self, bytes: &[u8], _origin: impl Fn(usize) -> Range<usize>) {
        self.extend_from_slice(bytes);
    }

    fn append(&mut self, next: &Self) {
        self.extend_from_slice(next);
    }

    fn bytes(&self) -> &[u8] {
        self
    }

    fn within(self, _outer: &Self, _start: usize) -> Self {
        self
    }
}

/// Decoded bytes, with the range of the text that each of them is decoded from.
#[derive(Clone, Debug, Default)]
pub(in crate::oracle) struct Traced {
    bytes: Vec<u8>,
    origins: Vec<Range<usize>>,
}

impl Traced {
    /// What a range of the bytes, of at least one, is decoded from.
    pub(in crate::oracle) fn origin(&self, bytes: Range<usize>) -> Range<usize> {
        self.origins[bytes.start].start..self.origins[bytes.end - 1].end
    }
}

impl Decoded for Traced {
    const IS_TRACED: bool = true;

    fn with_capacity(bytes: usize) -> Self {
        Self {
            bytes: Vec::with_capacity(bytes),
            origins: Vec::with_capacity(bytes),
        }
    }

    fn whole(text: &[u8]) -> Self {
        Self {
            bytes: text.to_vec(),
            origins: (0..text.len()).map(|at| at..at + 1).collect(),
        }
    }

    fn push(&mut self, byte: u8, origin: Range<usize>) {
        self.bytes.push(byte);
        self.origins.push(origin);
    }

    fn push_all(&mut self, bytes: &[u8], origin: impl Fn(usize) -> Range<usize>) {
        self.bytes.extend_from_slice(bytes);
        self.origins.extend((0..bytes.len()).map(origin));
    }

    fn append(&mut self, next: &Self) {
        self.bytes.extend_from_slice(&next.bytes);
        self.origins.extend_from_slice(&next.origins);
    }

    fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    fn within(mut self, outer: &Self, start: usize) -> Self {
        for origin in &mut self.origins {
            *origin = outer.origin(start + origin.start..start + origin.end);
        }
        self
    }
}
