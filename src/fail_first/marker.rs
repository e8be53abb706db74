//! What a test program tells of its fail-first tests without being run.
//!
//! Each has a text among the program's constants that says all there is to know of it; what is never run, or ignored, is
//! found as well as the rest.

const BEGIN: &str = "\u{2}ssot-fail-first 2\u{1f}";
const SEPARATOR: char = '\u{1f}';
const END: char = '\u{3}';

use super::{Covers, Target};

/// A fail-first test, as its program declares it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Declared {
    /// The crate that it is compiled in.
    pub krate: String,
    /// Its path within the crate: what `cargo test` takes as a filter.
    pub test: String,
    /// The source file, as the compiler names it.
    pub file: String,
    /// The line of its name.
    pub line: u32,
    /// A hash of its source.
    pub source: u64,
    /// The issue that the fix resolves.
    pub issue: String,
    /// What it has to fail with, as [`Entry::expect`](super::Entry::expect) has it.
    pub expect: String,
    /// Which kind of cargo target it is in, where that is known.
    pub target: Option<Target>,
    /// The sources that it stands on.
    pub covers: Option<Covers>,
    /// The folders of the path packages that only the tests of its package depend on, from the package's folder on.
    pub support: Vec<String>,
}

/// The fail-first tests of a program, in the order of their names; each once.
#[must_use]
pub fn find_markers(program: &[u8]) -> Vec<Declared> {
    let begin = BEGIN.as_bytes();
    let mut found: Vec<Declared> = memchr::memmem::find_iter(program, begin)
        .filter_map(|at| {
            let rest = &program[at + begin.len()..];
            let end = memchr::memchr(END as u8, rest)?;
            parse(std::str::from_utf8(&rest[..end]).ok()?)
        })
        .collect();
    found.sort_by(|a, b| (&a.krate, &a.test).cmp(&(&b.krate, &b.test)));
    found.dedup();
    found
}

/// `module::path`, name, file, line, hash, issue, expectation, kind of target, what is covered.
fn parse(marker: &str) -> Option<Declared> {
    let mut fields = marker.split(SEPARATOR);
    let module = fields.next()?;
    let name = fields.next()?;
    let (krate, test) = match module.split_once("::") {
        Some((krate, within)) => (krate, format!("{within}::{name}")),
        None => (module, name.to_owned()),
    };
    let declared = Declared {
        krate: krate.to_owned(),
        test,
        file: fields.next()?.to_owned(),
        line: fields.next()?.parse().ok()?,
        source: fields.next()?.parse().ok()?,
        issue: fields.next()?.to_owned(),
        expect: fields.next()?.to_owned(),
        target: Target::parse(fields.next()?),
        covers: Covers::parse(fields.next()?),
        support: fields
            .next()?
            .split('\u{1e}')
            .filter(|folder| !folder.is_empty())
            .map(str::to_owned)
            .collect(),
    };
    fields.next().is_none().then_some(declared)
}

#[cfg(test)]
mod tests {
    use super::find_markers;
    use crate::fail_first::{Covers, Target};

    #[test]
    fn markers_are_found_among_anything_else() {
        let program = b"\x7fELF\0junk\x02ssot-fail-first 2\x1fchat::engines\x1fstay_apart\x1ftests/chat.rs\x1f12\x1f77\x1fshop#12\x1fcontext-leak\x1ftest\x1f0000000000000009\x1d000000000000000a\x1etests/chat.rs\x1d000000000000000b\x1f../fake\x03\
            \x02ssot-fail-first 2\x1fcut off\xff\x02ssot-fail-first 2\x1fchat\x1fflat\x1ftests/chat.rs\x1f1\x1f2\x1fshop#13\x1f\"3 jobs\"\x1f\x1f\x1f\x03junk";
        let found = find_markers(program);
        let names: Vec<_> = found
            .iter()
            .map(|found| {
                (
                    &*found.krate,
                    &*found.test,
                    found.line,
                    found.source,
                    &*found.issue,
                    &*found.expect,
                )
            })
            .collect();
        assert_eq!(
            names,
            [
                ("chat", "engines::stay_apart", 12, 77, "shop#12", "context-leak"),
                ("chat", "flat", 1, 2, "shop#13", "\"3 jobs\""),
            ]
        );
        let covers = Covers {
            own: 9,
            digest: 10,
            files: [("tests/chat.rs".to_owned(), 11)].into(),
        };
        assert_eq!(
            (found[0].target, &found[0].covers),
            (Some(Target::Test), &Some(covers))
        );
        assert_eq!(
            (&*found[0].support, &*found[1].support),
            (&["../fake".to_owned()][..], &[][..])
        );
        assert_eq!((found[1].target, &found[1].covers), (None, &None));
        assert_eq!(
            find_markers(&[program.as_slice(), program].concat()),
            found,
            "each once"
        );
    }
}
