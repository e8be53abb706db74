use std::time::Duration;

use tokio::time::Instant;

/// What the search may have go wrong with a reply of the model: see [`Llm::with_faults`](super::Llm::with_faults).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Fault {
    /// The next frame, or the reply, comes half a minute late.
    Pause,
    /// The connection is cut: before the reply, or in the middle of a stream.
    Cut,
    /// 401: the key is refused.
    Unauthorized,
    /// 429, with `retry-after: 1`.
    RateLimited,
    /// 500.
    ServerError,
    /// 529: the model is overloaded.
    Overloaded,
    /// A body that is no JSON.
    Malformed,
}

impl Fault {
    /// Every fault.
    pub const ALL: [Self; 7] = [
        Self::Pause,
        Self::Cut,
        Self::Unauthorized,
        Self::RateLimited,
        Self::ServerError,
        Self::Overloaded,
        Self::Malformed,
    ];

    /// How long a pause is.
    pub(super) const PAUSE: Duration = Duration::from_secs(30);

    /// The status of the reply in whose place it comes.
    pub(super) fn status(self) -> Option<u16> {
        match self {
            Self::Unauthorized => Some(401),
            Self::RateLimited => Some(429),
            Self::ServerError => Some(500),
            Self::Overloaded => Some(529),
            Self::Pause | Self::Cut | Self::Malformed => None,
        }
    }

    /// Whether it can come in the middle of a stream.
    pub(super) fn is_of_streams(self) -> bool {
        matches!(self, Self::Pause | Self::Cut)
    }
}

/// The fault that the schedule chooses among these: by how many milliseconds it lets a timer be late.
pub(super) async fn chosen(faults: &[Fault]) -> Option<Fault> {
    if faults.is_empty() {
        return None;
    }
    let due = Instant::now() + Duration::from_millis(1);
    tokio::time::sleep_until(due).await;
    let late = usize::try_from(Instant::now().saturating_duration_since(due).as_millis()).ok()?;
    let index = late.checked_sub(1)?;
    faults.get(index % faults.len()).copied()
}
