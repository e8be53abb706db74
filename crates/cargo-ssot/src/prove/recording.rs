use serde::Serialize;
use ssot_harness::__command::{Entry, Fingerprint, Green, Red, RunLocation, Seen, head};

use super::base::Base;
use super::proof::{Proof, Subject};
use super::verdict::Verdict;
use crate::error::{Error, ErrorKind};
use crate::git::Git;
use crate::program::TestRef;

/// What goes on record of a proof.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Recorded {
    /// Nothing: there is no proof.
    Nothing,
    /// That it is proven.
    Written,
    /// The same as before.
    Known,
    /// Nothing: `CI` is set.
    NotUnderCi,
}

/// Puts proofs on record.
#[derive(Clone, Debug)]
pub(crate) struct Recording<'a> {
    base: &'a Base,
    /// What is checked out, as it was before anything was recorded.
    head: Option<String>,
    location: RunLocation,
}

impl<'a> Recording<'a> {
    pub(crate) fn of(git: &Git, base: &'a Base) -> Self {
        Self {
            base,
            head: head(&git.top),
            location: RunLocation::of_this_process(),
        }
    }

    /// Puts a proof on record.
    ///
    /// # Errors
    ///
    /// Where the ledger's file cannot be read, for then somebody has to look at it, or cannot be written.
    pub(crate) fn record(&self, proof: &Proof<'_>) -> Result<Recorded, Error> {
        let Subject::Test(test) = proof.of else {
            return Ok(Recorded::Nothing);
        };
        let entry = match &proof.verdict {
            Verdict::Proven(fingerprint) => {
                self.entry(test, fingerprint, Some(self.base.revision.clone()), Seen::Prove)
            }
            Verdict::ProvenBetween(fingerprint) => {
                self.entry(test, fingerprint, self.head.clone(), Seen::ProveBetween)
            }
            _ => return Ok(Recorded::Nothing),
        };
        if self.location == RunLocation::Ci {
            return Ok(Recorded::NotUnderCi);
        }
        let file = test.ledger_file();
        let unrecorded = |kind, error| {
            let what = format!("{} is proven, which is not on record", test.declared.test);
            Error::new(kind, what, "see to the file, and prove it again").because(error)
        };
        // A file that somebody has to look at is another error than one that cannot be written.
        test.on_record()
            .map_err(|error| unrecorded(ErrorKind::Read, error))?;
        let written = test
            .ledger()
            .update(&file, |known| {
                let is_known = known.is_some_and(|known| is_the_same_proof(&known, &entry));
                (!is_known).then_some(entry)
            })
            .map_err(|error| unrecorded(ErrorKind::Write, error))?;
        Ok(match written {
            Some(_) => Recorded::Written,
            None => Recorded::Known,
        })
    }

    fn entry(&self, test: TestRef<'_>, fingerprint: &Fingerprint, red: Option<String>, seen: Seen) -> Entry {
        let green = Green {
            revision: self.head.clone(),
            seen,
        };
        Entry {
            issue: test.declared.issue.clone(),
            expect: test.declared.expect.clone(),
            target: test.declared.target,
            source: test.declared.source,
            covers: test.declared.covers.clone(),
            red: Red {
                fingerprint: fingerprint.clone(),
                revision: red,
                seen,
            },
            green: Some(green),
        }
    }
}

/// Whether the same test was proven in the same way before: that it was at another revision is no reason to write it anew.
fn is_the_same_proof(known: &Entry, entry: &Entry) -> bool {
    let told = |entry: &Entry| {
        let red = (entry.red.seen, entry.red.fingerprint.clone());
        let green = entry.green.as_ref().map(|green| green.seen);
        (
            entry.issue.clone(),
            entry.expect.clone(),
            entry.target,
            entry.source,
            entry.covers.clone(),
            red,
            green,
        )
    };
    told(known) == told(entry)
}
