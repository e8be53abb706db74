use std::collections::BTreeMap;

/// The sources that a test stands on, as fingerprints: its own, and those of the helpers, cases, fixtures and fakes that it
/// names, in its crate's test sources and in the path crates that only tests depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covers {
    /// Of all of them, in whichever files they stand.
    pub digest: u64,
    /// Of those in each file, by its name from the package's folder on.
    pub files: BTreeMap<String, u64>,
}

impl Covers {
    /// The files in which what is covered is another than `before`, in the order of their names.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        if self.digest == before.digest {
            return Vec::new();
        }
        let names: std::collections::BTreeSet<&String> =
            self.files.keys().chain(before.files.keys()).collect();
        names
            .into_iter()
            .filter(|name| self.files.get(*name) != before.files.get(*name))
            .cloned()
            .collect()
    }

    /// As a test program's marker has it: the digest, and behind it each file with its fingerprint.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash = |text: &str| u64::from_str_radix(text, 16).ok();
        let mut parts = text.split('\u{1e}');
        let digest = hash(parts.next()?)?;
        let files = parts.map(|part| {
            let (file, of_file) = part.split_once('\u{1d}')?;
            Some((file.to_owned(), hash(of_file)?))
        });
        Some(Self {
            digest,
            files: files.collect::<Option<_>>()?,
        })
    }
}
