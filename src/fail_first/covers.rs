use std::collections::BTreeMap;

/// The sources that a test stands on, as fingerprints: its own, and those of the helpers, cases, fixtures and fakes that it
/// names, in its crate's test sources and in the path crates that only tests depend on.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Covers {
    /// Of the test itself, with its attributes, cases and values.
    pub own: u64,
    /// Of all of them, in whichever files they stand.
    pub digest: u64,
    /// Of those in each file, by its name from the package's folder on.
    pub files: BTreeMap<String, u64>,
}

impl Covers {
    /// The files in which what is covered is another than `before`, in the order of their names. What is not covered any more,
    /// because nothing covered calls it, counts where nothing else differs.
    #[must_use]
    pub fn changed_since(&self, before: &Self) -> Vec<String> {
        if self.digest == before.digest {
            return Vec::new();
        }
        let here = self
            .files
            .iter()
            .filter(|(name, hash)| before.files.get(*name) != Some(hash));
        let changed: Vec<String> = here.map(|(name, _)| name.clone()).collect();
        if changed.is_empty() {
            let gone = before.files.keys().filter(|name| !self.files.contains_key(*name));
            return gone.cloned().collect();
        }
        changed
    }

    /// As a test program's marker has it: the test's own fingerprint and that of all, and behind it each file with its own.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let hash = |text: &str| u64::from_str_radix(text, 16).ok();
        let mut parts = text.split('\u{1e}');
        let (own, digest) = parts.next()?.split_once('\u{1d}')?;
        let files = parts.map(|part| {
            let (file, of_file) = part.split_once('\u{1d}')?;
            Some((file.to_owned(), hash(of_file)?))
        });
        Some(Self {
            own: hash(own)?,
            digest: hash(digest)?,
            files: files.collect::<Option<_>>()?,
        })
    }
}
