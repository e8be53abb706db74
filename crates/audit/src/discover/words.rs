//! Names as words, and the words that tell versions of one thing apart.

/// What a version word says of its bearer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Age {
    Old,
    New,
    /// A number: the higher, the newer.
    Number(u32),
}

/// A name without its version word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Versioned {
    /// The words that are left, in lower case, between underscores.
    pub(super) base: String,
    /// The version word, as it is written, and what it says.
    pub(super) marker: Option<(String, Age)>,
}

const OLD: [&str; 7] = [
    "deprecated",
    "legacy",
    "obsolete",
    "old",
    "orig",
    "original",
    "outdated",
];

/// Words of newer ones wherever they stand in a name.
const NEW: [&str; 6] = [
    "consolidated",
    "enhanced",
    "improved",
    "refactored",
    "rewritten",
    "unified",
];

/// Words that say so only as a module's name or as the last word of a name: `NewPublishLock` is no newer `PublishLock`.
const NEW_AT_THE_END: [&str; 5] = ["alt", "latest", "new", "next", "ng"];

/// The words of a name, in lower case.
pub(super) fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut word = String::new();
    let chars: Vec<char> = name.chars().collect();
    for (index, char) in chars.iter().enumerate() {
        let previous = index.checked_sub(1).map(|index| chars[index]);
        let next = chars.get(index + 1);
        let begins = match previous {
            None => false,
            Some(previous) => {
                // `ingest2`, but `v2`, which is one word.
                let number =
                    char.is_ascii_digit() && !previous.is_ascii_digit() && !word.eq_ignore_ascii_case("v");
                (char.is_uppercase() && !previous.is_uppercase())
                    || (char.is_uppercase()
                        && previous.is_uppercase()
                        && next.is_some_and(|next| next.is_lowercase()))
                    || number
            }
        };
        if (*char == '_' || *char == '-' || begins) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if *char != '_' && *char != '-' {
            word.extend(char.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// A name without its version word. A name that is nothing but one has none.
pub(super) fn versioned(name: &str, is_module: bool) -> Versioned {
    let mut words = words(name);
    let last = words.len().saturating_sub(1);
    let found = words.iter().enumerate().find_map(|(index, word)| {
        let age = if OLD.contains(&&**word) {
            Age::Old
        } else if NEW.contains(&&**word) || (index == last && NEW_AT_THE_END.contains(&&**word)) {
            Age::New
        } else {
            // A number counts at the end only: `Utf8Error`, `Sha256`.
            Age::Number(number(word).filter(|_| index == last)?)
        };
        Some((index, age))
    });
    let marker = match found {
        Some((index, age)) if words.len() > 1 || is_module => {
            let word = words.remove(index);
            Some((word, age))
        }
        _ => None,
    };
    Versioned {
        base: words.join("_"),
        marker,
    }
}

/// The number of a version: `v2`, `2`. Sizes of integers and hashes are none.
fn number(word: &str) -> Option<u32> {
    let digits = word.strip_prefix('v').unwrap_or(word);
    let number: u32 = digits.parse().ok()?;
    (number < 8 || word.starts_with('v') && number < 100).then_some(number)
}

/// Whether one is older than the other by their markers; none where they do not say.
pub(super) fn is_older(one: &Versioned, other: &Versioned) -> Option<bool> {
    let age = |versioned: &Versioned| versioned.marker.as_ref().map(|(_, age)| *age);
    match (age(one), age(other)) {
        (Some(Age::Number(one)), Some(Age::Number(other))) => Some(one < other),
        (Some(Age::Old), _) | (None, Some(Age::New | Age::Number(_))) => Some(true),
        (_, Some(Age::Old)) | (Some(Age::New | Age::Number(_)), None) => Some(false),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::{Age, versioned, words};

    #[test]
    fn a_name_is_split_where_words_begin() {
        assert_eq!(words("UserHTTPClientV2"), ["user", "http", "client", "v2"]);
        assert_eq!(words("execution_engine-v2"), ["execution", "engine", "v2"]);
        assert_eq!(words("server2"), ["server", "2"]);
    }

    #[test]
    fn a_version_word_is_taken_off() {
        let of = |name| {
            let versioned = versioned(name, false);
            (versioned.base, versioned.marker.map(|(_, age)| age))
        };
        assert_eq!(of("EngineV2"), ("engine".to_owned(), Some(Age::Number(2))));
        assert_eq!(of("ConsolidatedEngine"), ("engine".to_owned(), Some(Age::New)));
        assert_eq!(of("LegacyEngine"), ("engine".to_owned(), Some(Age::Old)));
        assert_eq!(of("EngineNew"), ("engine".to_owned(), Some(Age::New)));
    }

    #[test]
    fn words_of_the_domain_are_no_versions() {
        for name in [
            "NewPublishLock",
            "LatestEvent",
            "Utf8Error",
            "Sha256",
            "Vec3Array",
            "U64",
            "Old",
        ] {
            assert_eq!(versioned(name, false).marker, None, "{name}");
        }
    }
}
