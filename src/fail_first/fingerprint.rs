use std::fmt;

use serde::{Deserialize, Serialize};

use crate::oracle::{Kind, Violation};

/// What a failure is, as far as it stays the same from run to run: no ids, no secrets, no lines, no times.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Fingerprint {
    /// The kind of violation, as the catalogue names it; `assertion` for one that is told by its message.
    pub kind: String,
    /// On which surface it showed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub surface: Option<String>,
    /// The rest of it in words.
    pub shape: String,
}

/// The kind of what is told by its message.
pub(super) const ASSERTION: &str = "assertion";

/// How long a shape may be, in characters.
const LONGEST: usize = 160;

/// From how many letters and digits on a word with a digit in it may be a secret, or an id.
const TOKEN: usize = 8;

/// And one without: by chance, a secret of 26 letters and digits has only letters.
const LETTERS: usize = 20;

impl Fingerprint {
    /// That of a violation.
    #[must_use]
    pub fn of_violation(violation: &Violation) -> Self {
        let whose = match (violation.user_index(), violation.owner_index()) {
            (Some(user), Some(owner)) if user != owner => "another user's ",
            (_, Some(_)) => "its own ",
            _ => "",
        };
        let what = violation
            .secret_name()
            .map_or_else(|| "data".to_owned(), |name| format!("secret `{}`", stable(&name)));
        let shape = if whose.is_empty() {
            stable(violation.detail())
        } else {
            format!("{whose}{what}")
        };
        Self {
            kind: violation.kind().as_str().to_owned(),
            surface: violation.surface().map(|surface| surface.as_str().to_owned()),
            shape,
        }
    }

    /// That of a panic in a task or a thread that nothing awaited.
    #[must_use]
    pub fn of_task_panic(message: &str) -> Self {
        Self {
            kind: Kind::TaskPanic.as_str().to_owned(),
            ..Self::of_message(message)
        }
    }

    /// That of a failed assertion, or an error, by what it says.
    #[must_use]
    pub fn of_message(message: &str) -> Self {
        let line = message.lines().next().unwrap_or_default();
        // Where it came up is another place after the next edit.
        let said = match line.rsplit_once(" (at ") {
            Some((said, place)) if place.ends_with(')') => said,
            _ => line,
        };
        Self {
            kind: ASSERTION.to_owned(),
            surface: None,
            shape: stable(said),
        }
    }
}

impl Fingerprint {
    /// Whether this can be the line that a message begins in, as far as what is left of the line tells.
    pub(super) fn may_show(&self, message: &str) -> bool {
        let is_whole = self.shape.chars().count() < LONGEST && !self.shape.contains('…');
        let line = message.lines().next().unwrap_or_default().trim();
        let without_numbers = |text: &str| {
            let mut stable = String::new();
            push_without_numbers(&mut stable, text);
            stable.split_whitespace().collect::<Vec<_>>().join(" ")
        };
        let shape = self.shape.split_whitespace().collect::<Vec<_>>().join(" ");
        let shows = |text: &str| shape.contains(&without_numbers(text));
        !is_whole || shows(line) || shows(&line.escape_debug().to_string())
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.kind)?;
        if let Some(surface) = &self.surface {
            write!(f, " on the surface {surface}")?;
        }
        write!(f, ": {}", self.shape)
    }
}

/// The text without what changes from run to run: numbers become `#`, and words that may be ids, secrets or paths `…`.
fn stable(text: &str) -> String {
    let mut stable = String::new();
    for word in text.split_inclusive(char::is_whitespace) {
        let bare = word.trim_end();
        if is_path(bare) || is_token(bare) {
            stable.push('…');
        } else {
            push_without_numbers(&mut stable, bare);
        }
        if bare.len() < word.len() {
            stable.push(' ');
        }
    }
    stable.trim().chars().take(LONGEST).collect()
}

fn is_path(word: &str) -> bool {
    let bare = word.trim_start_matches(|c: char| c.is_ascii_punctuation() && c != '/');
    bare.starts_with('/') || word.matches(['/', '\\']).count() > 1
}

fn is_token(word: &str) -> bool {
    word.split(|c: char| !c.is_alphanumeric()).any(|part| {
        let length = part.chars().count();
        length >= LETTERS || length >= TOKEN && part.contains(|c: char| c.is_ascii_digit())
    }) || word.contains('@')
}

fn push_without_numbers(stable: &mut String, word: &str) {
    let mut in_number = false;
    for c in word.chars() {
        if !c.is_ascii_digit() {
            stable.push(c);
        } else if !in_number {
            stable.push('#');
        }
        in_number = c.is_ascii_digit();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_without_what_changes() {
        for (message, shape) in [
            ("expected 3 events, got 12", "expected # events, got #"),
            ("user-ym7p8gja sees bjnsdxna3qcq58fm4uesdn2rw9", "… sees …"),
            ("ada@shop.example is refused", "… is refused"),
            ("no file /home/ada/shop/notes.txt\nand more", "no file …"),
            ("histories are shared", "histories are shared"),
            ("3 jobs are left (at tests/jobs.rs:12:5)", "# jobs are left"),
            ("lock `reservations` is held", "lock `reservations` is held"),
            (
                "the card qwhxmbpvkjsdnrcgfztyeauqwh is shown",
                "the card … is shown",
            ),
            ("no folder (/srv) and/or file", "no folder … and/or file"),
        ] {
            assert_eq!(Fingerprint::of_message(message).shape, shape);
        }
        assert_eq!(
            Fingerprint::of_message(&"long ".repeat(100))
                .shape
                .chars()
                .count(),
            LONGEST
        );
    }
}
