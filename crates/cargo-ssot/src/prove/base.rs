use crate::error::{Error, ErrorKind};
use crate::git::Git;

/// The revision that tests have to fail at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Base {
    /// Its full name.
    pub(crate) revision: String,
    /// How it was found: it reads on from its name.
    pub(crate) origin: String,
}

/// How much of a revision's name a person is shown.
const SHOWN: usize = 12;

impl Base {
    /// The named revision, or where the checked-out one left the main branch.
    ///
    /// # Errors
    ///
    /// Where there is none, or it is what the work tree holds.
    pub(crate) fn find(git: &Git, named: Option<&str>) -> Result<Self, Error> {
        let base = if let Some(named) = named {
            Self {
                revision: git.rev_parse(named)?,
                origin: named.to_owned(),
            }
        } else {
            let merge_base = git.merge_base_with_main()?;
            Self {
                revision: merge_base.revision,
                origin: format!("where HEAD left {}", merge_base.branch),
            }
        };
        if base.revision == git.head()? && !git.is_dirty()? {
            return Err(Error::new(
                ErrorKind::NoRevision,
                format!("the base, {}, is what is checked out, unchanged", base.in_words()),
                "name one before the fix: --base <revision>",
            ));
        }
        Ok(base)
    }

    /// For a person.
    pub(crate) fn in_words(&self) -> String {
        let short = self.revision.get(..SHOWN).unwrap_or(&self.revision);
        if self.revision.starts_with(&self.origin) {
            short.to_owned()
        } else {
            format!("{short} ({})", self.origin)
        }
    }
}
