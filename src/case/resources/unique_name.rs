//! Names for what a test makes outside of itself.

use std::process;
use std::sync::OnceLock;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::current::CurrentTest;
use crate::digest::Digest;

/// The name of what a test makes outside of itself, drawn when it is first asked for.
#[derive(Debug, Default)]
pub(in crate::case) struct UniqueName(OnceLock<String>);

impl UniqueName {
    pub(in crate::case) fn of(&self, test: &CurrentTest) -> &str {
        self.0.get_or_init(|| fresh(test))
    }
}

/// As much of a test's name as fits beside what makes it unique.
const NAME: usize = 27;

/// A name that no other test, process or run has.
fn fresh(test: &CurrentTest) -> String {
    let name = test.path().rsplit("::").next().unwrap_or_default();
    let mut id: String = name
        .chars()
        .map(|c| {
            if c.is_ascii_alphanumeric() {
                c.to_ascii_lowercase()
            } else {
                '_'
            }
        })
        .take(NAME)
        .collect();
    if !id.starts_with(|c: char| c.is_ascii_lowercase()) {
        id.insert(0, 't');
        id.truncate(NAME);
    }
    // A clock before 1970 is accepted: process and test distinguish runs too.
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let run = Digest::new()
        .bytes(test.path().as_bytes())
        .word(u64::from(process::id()))
        .word(test.id())
        .word(now.as_secs())
        .word(u64::from(now.subsec_nanos()))
        .finish();
    format!("{id}_{:012x}", run >> 16)
}

#[cfg(test)]
mod tests {
    use super::fresh;
    use crate::current::CurrentTest;

    #[test]
    fn an_id_is_a_name_everywhere_and_nobody_elses() {
        for name in [
            "short",
            "a_test_whose_name_is_far_longer_than_any_name_should_be",
            "_1",
            "größe",
        ] {
            let test = CurrentTest::new("chat::deep", name);
            let (id, again) = (fresh(&test), fresh(&CurrentTest::new("chat::deep", name)));
            assert!(id.len() <= 40, "{id}");
            assert!(id.starts_with(|c: char| c.is_ascii_lowercase()), "{id}");
            assert!(
                id.chars().all(|c| matches!(c, 'a'..='z' | '0'..='9' | '_')),
                "{id}"
            );
            assert_ne!(id, again);
        }
    }
}
