//! Puts together what came in chunks.

use indexmap::IndexMap;
use serde_json::Value;

use crate::trace::Stream;

/// The strings at one place of consecutive observations, put together.
#[derive(Debug, Default)]
pub(super) struct ChunkStream {
    text: Vec<u8>,
    /// Where each chunk ends in the text, and which observation of the lane it came from.
    chunks: Vec<(usize, usize)>,
}

impl ChunkStream {
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// The first observation with which the text so far satisfies `holds`, which the whole text does.
    pub(super) fn completed_by(&self, holds: impl Fn(&[u8]) -> bool) -> usize {
        let last = self.chunks.len() - 1;
        let complete = self.chunks[..last].partition_point(|&(end, _)| !holds(&self.text[..end]));
        self.chunks[complete].1
    }

    fn push(&mut self, chunk: &[u8], observation: usize) {
        self.text.extend_from_slice(chunk);
        self.chunks.push((self.text.len(), observation));
    }
}

/// The streams of a lane that have more than one chunk.
///
/// Strings belong together where they have the same JSON path, with the indices of lists (`choices[0].text` over
/// several observations) or without (the elements of a list of chunks). A list of byte values counts as a string.
pub(super) fn streams(stream: &Stream<'_>) -> Vec<ChunkStream> {
    let mut collector = Collector::default();
    for (number, observation) in stream.observations().iter().enumerate() {
        collector.observation = number;
        collector.walk(&observation.value());
    }
    collector
        .streams
        .into_values()
        .filter(|stream| stream.chunks.len() > 1)
        .collect()
}

#[derive(Default)]
struct Collector {
    streams: IndexMap<String, ChunkStream>,
    observation: usize,
    /// The path to the value under way, and the same with every index of a list as `*`.
    exact: String,
    starred: String,
}

impl Collector {
    fn walk(&mut self, value: &Value) {
        match value {
            Value::String(text) => self.push(text.as_bytes()),
            Value::Array(items) => match bytes(items) {
                Some(bytes) => self.push(&bytes),
                None => {
                    for (index, item) in items.iter().enumerate() {
                        self.enter(&index.to_string(), "*", item);
                    }
                }
            },
            Value::Object(fields) => {
                for (key, value) in fields {
                    self.enter(key, key, value);
                }
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => {}
        }
    }

    fn enter(&mut self, exact: &str, starred: &str, value: &Value) {
        let lengths = (self.exact.len(), self.starred.len());
        for (path, part) in [(&mut self.exact, exact), (&mut self.starred, starred)] {
            path.push('/');
            path.push_str(part);
        }
        self.walk(value);
        self.exact.truncate(lengths.0);
        self.starred.truncate(lengths.1);
    }

    fn push(&mut self, chunk: &[u8]) {
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
            stream.push(chunk, self.observation);
        }
    }
}

fn bytes(items: &[Value]) -> Option<Vec<u8>> {
    let bytes = items
        .iter()
        .map(|item| u8::try_from(item.as_u64()?).ok())
        .collect::<Option<Vec<_>>>()?;
    (!bytes.is_empty()).then_some(bytes)
}
