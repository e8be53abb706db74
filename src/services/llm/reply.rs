use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use thiserror::Error;

/// What the model answers.
///
/// ```
/// # use std::time::Duration;
/// # use serde_json::json;
/// # use ssot_harness::services::llm::Reply;
/// Reply::text("It rains.").usage(12, 3);
/// Reply::chunks(["It ", "rains."]).every(Duration::from_millis(20)).cut_after(3);
/// Reply::tool_call("get_weather", &json!({ "city": "Oslo" }));
/// Reply::status(429).retry_after(2);
/// ```
#[derive(Clone, Debug, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reply {
    /// The text, in the pieces in which it is streamed.
    pub(super) chunks: Vec<String>,
    text: Option<String>,
    pub(super) tool_calls: Vec<ToolCall>,
    pub(super) usage: Option<Usage>,
    /// In milliseconds, before the reply and before each frame.
    pub(super) delay_ms: u64,
    /// The connection is cut after so many frames of a stream; before the reply, where it is none.
    pub(super) cut_after: Option<usize>,
    /// A refusal in place of an answer.
    pub(super) status: Option<u16>,
    pub(super) retry_after: Option<u64>,
    /// A body that is no JSON.
    pub(super) malformed: bool,
}

/// A call of a tool that the model asks for.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ToolCall {
    pub(super) name: String,
    #[serde(default)]
    pub(super) arguments: Value,
}

/// How many tokens were read and written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Usage {
    pub(super) input: u64,
    pub(super) output: u64,
}

impl Reply {
    /// A text. It is streamed word by word.
    #[must_use]
    pub fn text(text: impl Into<String>) -> Self {
        Self {
            text: Some(text.into()),
            ..Self::default()
        }
        .in_words()
    }

    /// A text in these pieces, each of which is a frame where it is streamed.
    #[must_use]
    pub fn chunks<T: Into<String>>(chunks: impl IntoIterator<Item = T>) -> Self {
        Self {
            chunks: chunks.into_iter().map(Into::into).collect(),
            ..Self::default()
        }
    }

    /// A call of a tool, with these arguments. [`and_tool_call`](Self::and_tool_call) adds one to a reply.
    #[must_use]
    pub fn tool_call(name: impl Into<String>, arguments: &Value) -> Self {
        Self::default().and_tool_call(name, arguments)
    }

    /// A refusal of this status: 401, 429, 500, 529.
    #[must_use]
    pub fn status(status: u16) -> Self {
        Self {
            status: Some(status),
            ..Self::default()
        }
    }

    /// A body that is no JSON.
    #[must_use]
    pub fn malformed() -> Self {
        Self {
            malformed: true,
            ..Self::default()
        }
    }

    /// Adds a call of a tool.
    #[must_use]
    pub fn and_tool_call(mut self, name: impl Into<String>, arguments: &Value) -> Self {
        self.tool_calls.push(ToolCall {
            name: name.into(),
            arguments: arguments.clone(),
        });
        self
    }

    /// Says how many tokens were read and written. Where nothing is said, words are counted.
    #[must_use]
    pub fn usage(mut self, input: u64, output: u64) -> Self {
        self.usage = Some(Usage { input, output });
        self
    }

    /// Waits so long before the reply, and before each frame of a stream.
    #[must_use]
    pub fn every(mut self, delay: Duration) -> Self {
        self.delay_ms = u64::try_from(delay.as_millis()).unwrap_or(u64::MAX);
        self
    }

    /// Cuts the connection after so many frames of a stream. A reply that is not streamed is cut before it comes.
    #[must_use]
    pub fn cut_after(mut self, frames: usize) -> Self {
        self.cut_after = Some(frames);
        self
    }

    /// Says with a refusal after how many seconds to come again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u64) -> Self {
        self.retry_after = Some(seconds);
        self
    }

    /// Puts the text as a whole into words, unless it is in pieces already.
    pub(super) fn in_words(mut self) -> Self {
        if let Some(text) = self.text.take() {
            self.chunks = text.split_inclusive(' ').map(str::to_owned).collect();
        }
        self
    }

    /// The whole text.
    pub(super) fn whole(&self) -> String {
        self.chunks.concat()
    }
}

impl From<&str> for Reply {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Reply {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

/// A file of scripts.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct ReplyFile {
    pub(super) scripts: Vec<FileScript>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FileScript {
    #[serde(default)]
    pub(super) containing: Vec<String>,
    pub(super) model: Option<String>,
    pub(super) replies: Vec<Reply>,
    /// Whether the last reply is given again and again.
    #[serde(default)]
    pub(super) repeat: bool,
}

/// Why scripts cannot be read from files.
#[derive(Debug, Error)]
#[error("{}: {problem}", path.display())]
pub struct ReplyFileError {
    pub(super) path: PathBuf,
    problem: Problem,
}

#[derive(Debug, Error)]
enum Problem {
    #[error("it cannot be read: {0}")]
    Read(io::Error),
    #[error("it holds no scripts: {0}")]
    Parse(serde_json::Error),
    #[error("the folder has no file that ends in `.json`")]
    Empty,
}

/// The scripts of a file, or of each file of a folder that ends in `.json`, by name.
pub(super) fn read(path: &Path) -> Result<Vec<(PathBuf, ReplyFile)>, ReplyFileError> {
    let refuse = |path: &Path, problem| ReplyFileError {
        path: path.to_owned(),
        problem,
    };
    let mut files = vec![path.to_owned()];
    if path.is_dir() {
        let entries = path
            .read_dir()
            .and_then(Iterator::collect::<Result<Vec<_>, _>>)
            .map_err(|error| refuse(path, Problem::Read(error)))?;
        files = entries.into_iter().map(|entry| entry.path()).collect();
        files.retain(|file| file.extension().is_some_and(|extension| extension == "json"));
        files.sort();
        if files.is_empty() {
            return Err(refuse(path, Problem::Empty));
        }
    }
    let parse = |file: PathBuf| {
        let text = std::fs::read_to_string(&file).map_err(|error| refuse(&file, Problem::Read(error)))?;
        let scripts = serde_json::from_str(&text).map_err(|error| refuse(&file, Problem::Parse(error)))?;
        Ok((file, scripts))
    };
    files.into_iter().map(parse).collect()
}
