use std::time::Duration;

use serde::{Deserialize, Deserializer, de};

/// The limits within which a factory's engines work. Each holds for one user, engine or call: what one user
/// does never uses up what another may do.
///
/// It can be read from configuration, where a time is a text such as `10s`, and what is left out has its default.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct Config {
    /// How many engines a user may have at once.
    pub engines_per_user: usize,
    /// How many calls of an engine run at once; others wait for their turn.
    pub runs_per_engine: u32,
    /// How long a call waits for its turn.
    #[serde(deserialize_with = "time")]
    pub queue_timeout: Duration,
    /// How long a call may take from its turn to its answer.
    #[serde(deserialize_with = "time")]
    pub call_timeout: Duration,
    /// How long a sink may take to accept an event.
    #[serde(deserialize_with = "time")]
    pub delivery_timeout: Duration,
    /// How long closing an engine waits for its background tasks before it aborts them.
    #[serde(deserialize_with = "time")]
    pub close_timeout: Duration,
    /// How many entries of a thread a store keeps; the oldest go first.
    pub entries_per_thread: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            engines_per_user: 4,
            runs_per_engine: 1,
            queue_timeout: Duration::from_secs(120),
            call_timeout: Duration::from_secs(60),
            delivery_timeout: Duration::from_secs(10),
            close_timeout: Duration::from_secs(30),
            entries_per_thread: 64,
        }
    }
}

fn time<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Duration, D::Error> {
    let text = String::deserialize(deserializer)?;
    humantime::parse_duration(&text).map_err(|error| {
        de::Error::custom(format_args!(
            "`{text}` is no length of time such as 500ms or 10s: {error}"
        ))
    })
}
