use thiserror::Error;

/// Requests that nothing was prepared for.
#[derive(Clone, Debug, Error)]
#[error("{}", requests.join("\n"))]
pub struct Unmatched {
    requests: Vec<String>,
}

impl Unmatched {
    /// An error, where there were any.
    pub(super) fn of(requests: Vec<String>) -> Result<(), Self> {
        if requests.is_empty() {
            Ok(())
        } else {
            Err(Self { requests })
        }
    }

    /// What each of them was, what was nearest to it, and what differed.
    #[must_use]
    pub fn requests(&self) -> &[String] {
        &self.requests
    }
}
