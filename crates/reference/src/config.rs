use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// The limits of a factory and its engines. Each limit applies to one user, engine or call, so that no user can use up the
/// limit of another.
///
/// Implements `Deserialize`: a duration is a text such as `10s`, and a missing field has its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// The maximum number of open engines of a user.
    pub engines_per_user: usize,
    /// The number of calls of an engine that run at the same time; further calls wait.
    pub runs_per_engine: u32,
    /// The number of calls of a user that run at the same time, on all engines of the user together; further calls wait.
    pub runs_per_user: u32,
    /// How long a call waits for its permit to run.
    #[serde(deserialize_with = "duration")]
    pub queue_timeout: Duration,
    /// How long a call may take from its permit to its answer.
    #[serde(deserialize_with = "duration")]
    pub call_timeout: Duration,
    /// How long a sink may take to accept an event.
    #[serde(deserialize_with = "duration")]
    pub delivery_timeout: Duration,
    /// How long closing an engine waits for its background tasks before it aborts them.
    #[serde(deserialize_with = "duration")]
    pub close_timeout: Duration,
    /// How long an engine may be idle before [`sweep_idle`](crate::ExecutionEngineFactory::sweep_idle) closes it.
    #[serde(deserialize_with = "duration")]
    pub idle_after: Duration,
    /// The maximum number of entries that a store keeps for a thread; the oldest are removed first.
    pub entries_per_thread: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            engines_per_user: 4,
            runs_per_engine: 1,
            runs_per_user: 4,
            queue_timeout: Duration::from_secs(120),
            call_timeout: Duration::from_secs(60),
            delivery_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(30),
            idle_after: Duration::from_secs(900),
            entries_per_thread: 64,
        }
    }
}

fn duration<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map_err(|error| {
        de::Error::custom(format_args!(
            "`{text}` is no length of time such as 500ms or 10s: {error}"
        ))
    })
}
