//! Puts together what came in chunks.

use std::ops::Range;

use indexmap::IndexMap;
use serde_json::value::RawValue;

use super::decoded::{Decoded, Traced};
use super::decoders;
use crate::trace::Stream;

/// The strings at one place of consecutive observations, put together.
#[derive(Debug, Default)]
pub(in crate::oracle) struct ChunkStream<D> {
    /// Each chunk is decoded from a range of its own observation.
    text: D,
    /// Where each chunk ends in the text, and which observation of the lane it came from.
    chunks: Vec<(usize, usize)>,
}

impl<D: Decoded> ChunkStream<D> {
    pub(in crate::oracle) fn text(&self) -> &[u8] {
        self.text.bytes()
    }

    /// The first observation with which the text so far satisfies `holds`, which the whole text does.
    pub(in crate::oracle) fn completed_by(&self, holds: impl Fn(&[u8]) -> bool) -> usize {
        let last = self.chunks.len() - 1;
        let complete = self.chunks[..last].partition_point(|&(end, _)| !holds(&self.text()[..end]));
        self.chunks[complete].1
    }

    fn push(&mut self, chunk: &D, observation: usize) {
        self.text.append(chunk);
        self.chunks.push((self.text().len(), observation));
    }
}

impl ChunkStream<Traced> {
    /// The observations that a range of the text came from, each with the range of its own text.
    pub(in crate::oracle) fn spans(
        &self,
        range: &Range<usize>,
    ) -> impl Iterator<Item = (usize, Range<usize>)> {
        let starts = [0].into_iter().chain(self.chunks.iter().map(|&(end, _)| end));
        let chunks = starts.zip(&self.chunks);
        chunks.filter_map(move |(start, &(end, observation))| {
            let part = range.start.max(start)..range.end.min(end);
            (!part.is_empty()).then(|| (observation, self.text.origin(part)))
        })
    }
}

/// The streams of a lane that have more than one chunk.
///
/// Strings belong together where they have the same JSON path, with the indices of lists (`choices[0].text` over
/// several observations) or without (the elements of a list of chunks). A list of byte values counts as a string.
pub(in crate::oracle) fn streams<D: Decoded>(stream: &Stream<'_>) -> Vec<ChunkStream<D>> {
    let mut collector = Collector::default();
    for (number, observation) in stream.observations().iter().enumerate() {
        let text = observation.text();
        collector.observation = UnderWay {
            number,
            text,
            whole: D::whole(text.as_bytes()),
        };
        collector.walk(text);
    }
    collector
        .streams
        .into_values()
        .filter(|stream| stream.chunks.len() > 1)
        .collect()
}

#[derive(Default)]
struct Collector<'o, D> {
    streams: IndexMap<String, ChunkStream<D>>,
    observation: UnderWay<'o, D>,
    /// The path to the value under way, and the same with every index of a list as `*`.
    exact: String,
    starred: String,
}

#[derive(Default)]
struct UnderWay<'o, D> {
    /// The observation's number in its lane.
    number: usize,
    text: &'o str,
    whole: D,
}

impl<'o, D: Decoded> Collector<'o, D> {
    /// Takes in a part of the observation's text that is a JSON value.
    fn walk(&mut self, json: &'o str) {
        match json.as_bytes() {
            [b'"', inner @ .., b'"'] => {
                let mut plain = D::whole(inner);
                decoders::unescape(inner, &mut |unescaped| plain = unescaped);
                self.push_part(plain, self.start_of(json) + 1);
            }
            [b'[', ..] => match serde_json::from_str::<Vec<&RawValue>>(json) {
                Ok(items) => self.walk_list(&items),
                Err(_) => self.push_unread(json),
            },
            [b'{', ..] => match serde_json::from_str::<IndexMap<String, &RawValue>>(json) {
                Ok(fields) => {
                    for (key, value) in fields {
                        self.enter(&key, &key, value);
                    }
                }
                Err(_) => self.push_unread(json),
            },
            _ => {}
        }
    }

    fn walk_list(&mut self, items: &[&'o RawValue]) {
        if let Some(bytes) = self.bytes(items) {
            return self.push(&bytes);
        }
        for (index, item) in items.iter().enumerate() {
            self.enter(&index.to_string(), "*", item);
        }
    }

    /// The bytes that a list of byte values stands for.
    fn bytes(&self, items: &[&'o RawValue]) -> Option<D> {
        let mut bytes = D::with_capacity(items.len());
        for item in items {
            let start = self.start_of(item.get());
            bytes.push(item.get().parse().ok()?, start..start + item.get().len());
        }
        (!items.is_empty()).then_some(bytes)
    }

    fn enter(&mut self, exact: &str, starred: &str, value: &'o RawValue) {
        let lengths = (self.exact.len(), self.starred.len());
        for (path, part) in [(&mut self.exact, exact), (&mut self.starred, starred)] {
            path.push('/');
            path.push_str(part);
        }
        self.walk(value.get());
        self.exact.truncate(lengths.0);
        self.starred.truncate(lengths.1);
    }

    /// Where a part of the observation's text begins in it.
    fn start_of(&self, part: &str) -> usize {
        part.as_ptr().addr() - self.observation.text.as_ptr().addr()
    }

    /// Takes JSON that cannot be read, such as a key that is no Unicode, for a string.
    fn push_unread(&mut self, json: &str) {
        self.push_part(D::whole(json.as_bytes()), self.start_of(json));
    }

    /// Takes a string that is decoded from the observation's text, from the byte `start` on.
    fn push_part(&mut self, string: D, start: usize) {
        let string = string.within(&self.observation.whole, start);
        self.push(&string);
    }

    fn push(&mut self, chunk: &D) {
        let paths: &[&String] = if self.exact == self.starred {
            &[&self.exact]
        } else {
            &[&self.exact, &self.starred]
        };
        for &path in paths {
            let stream = match self.streams.get_mut(path) {
                Some(stream) => stream,
                None => self.streams.entry(path.clone()).or_default(),
            };
            stream.push(chunk, self.observation.number);
        }
    }
}
