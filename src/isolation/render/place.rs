use std::ops::Range;

use crate::oracle::{Encoding, Violation};
use crate::user::{Population, SecretKind};

/// Fewer characters of a secret in a row do not tell whose it is.
const TELLING: usize = 12;

/// Where in its observation a violation shows, in bytes, where that can be found by looking for the text itself.
pub(super) fn place(violation: &Violation, population: &Population) -> Option<Range<usize>> {
    let text = violation.observation()?.text();
    let owner = violation
        .owner_index()
        .filter(|&owner| owner < population.len())?;
    match violation.secret() {
        Some(name) => secrets(population, owner, name)
            .into_iter()
            .map(|secret| match violation.encoding() {
                Some(Encoding::Hex) => hex(&secret),
                _ => secret,
            })
            .find_map(|secret| longest_run(text, &secret)),
        None => ids(population, owner, violation.user_index())
            .into_iter()
            .find_map(|id| whole_word(text, id)),
    }
}

/// The secrets that a report calls `name`: a label may begin with the name of a kind.
fn secrets(population: &Population, owner: usize, name: &str) -> Vec<String> {
    let typed = [
        ("email ", SecretKind::Email),
        ("uuid ", SecretKind::Uuid),
        ("number ", SecretKind::Number),
    ];
    let typed = typed
        .into_iter()
        .filter_map(|(prefix, kind)| Some((kind, name.strip_prefix(prefix)?)));
    typed
        .chain([(SecretKind::Text, name)])
        .map(|(kind, label)| population.mint(owner, kind, label))
        .collect()
}

/// The ids that are the owner's and not the viewer's too.
fn ids(population: &Population, owner: usize, viewer: Option<usize>) -> Vec<&str> {
    let of = |user: usize| {
        let context = population.identity(user).context();
        [
            context.user.as_str(),
            context.run.as_str(),
            context.thread.as_str(),
            context.session.as_str(),
        ]
    };
    let own = viewer.filter(|&viewer| viewer < population.len()).map(of);
    let is_own = |id: &&str| own.is_some_and(|own| own.contains(id));
    of(owner).into_iter().filter(|id| !is_own(id)).collect()
}

fn hex(text: &str) -> String {
    text.bytes()
        .fold(String::new(), |hex, byte| hex + &format!("{byte:02x}"))
}

/// The longest part of `secret` that stands in `text`, in any letter case.
fn longest_run(text: &str, secret: &str) -> Option<Range<usize>> {
    let (text, secret) = (text.to_ascii_lowercase(), secret.to_ascii_lowercase());
    let runs = |length: usize| (0..=secret.len() - length).map(move |at| at..at + length);
    (TELLING.min(secret.len())..=secret.len())
        .rev()
        .flat_map(runs)
        .filter_map(|run| secret.get(run))
        .find_map(|run| text.find(run).map(|at| at..at + run.len()))
}

/// Where `id` stands by itself: `user-1` does not stand in `user-10`.
fn whole_word(text: &str, id: &str) -> Option<Range<usize>> {
    let is_part = |character: Option<char>| character.is_some_and(char::is_alphanumeric);
    text.match_indices(id)
        .map(|(at, id)| at..at + id.len())
        .find(|place| {
            !is_part(text[..place.start].chars().next_back()) && !is_part(text[place.end..].chars().next())
        })
}

#[cfg(test)]
mod tests {
    use super::{longest_run, place, whole_word};
    use crate::isolation::render::samples::Sample;
    use crate::oracle::{Encoding, samples};
    use crate::trace::Surface;
    use crate::user::SecretKind;

    #[test]
    fn a_typed_secret_is_found_in_hex_too() {
        let sample = Sample::new(2, "v1:one@0:1,2");
        let number = sample.population.mint(0, SecretKind::Number, "home");
        // The digit 7 is the byte 0x37.
        let hex: String = number.chars().flat_map(|digit| ['3', digit]).collect();
        let sample = sample.saw(1, Surface::Reply, 2, format!("<{hex}>"));
        let violation = samples::leak(
            &sample.population,
            &sample.seen()[0],
            0,
            "number home",
            Encoding::Hex,
        );
        assert_eq!(place(&violation, &sample.population), Some(2..2 + hex.len()));
    }

    #[test]
    fn the_longest_telling_part_of_a_secret_is_found() {
        let secret = "abcdefghijklmnopqrstuvwxyz";
        assert_eq!(longest_run("is ABCDEFGHIJKLMNOPQRSTUVWXYZ!", secret), Some(3..29));
        assert_eq!(longest_run("is cdefghijklmnop!", secret), Some(3..17));
        assert_eq!(longest_run("is cdefghijklm!", secret), None);
    }

    #[test]
    fn an_id_is_not_found_in_a_longer_one() {
        assert_eq!(whole_word("user-10 and user-1", "user-1"), Some(12..18));
        assert_eq!(whole_word("a-user-10", "user-1"), None);
    }
}
