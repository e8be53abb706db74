use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Sees to it that everybody sees only their own token. The same for every driver.
#[derive(Clone, Debug, Default)]
pub struct Oracle(Arc<AtomicBool>);

/// A text that no other user's token is a part of.
#[must_use]
pub fn token(user: usize) -> String {
    format!("token <{user}>")
}

impl Oracle {
    /// To be told what a user sees.
    pub fn sight(&self, user: usize) -> impl Fn(&str) + Send + Sync + 'static {
        let (leaked, own) = (Arc::clone(&self.0), token(user));
        move |text| {
            // Nearly always it is the user's token and nothing else: a comparison is cheaper than a search.
            if text != own && text.contains("token <") && !text.contains(&own) {
                leaked.store(true, Ordering::Relaxed);
            }
        }
    }

    /// Whether somebody has seen the token of somebody else.
    #[must_use]
    pub fn has_leaked(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}
