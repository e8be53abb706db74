use super::side::Place;
use super::verdict::Verdict;

impl Verdict {
    /// What to do next; `None` where nothing is left to do.
    pub(crate) fn advice(&self) -> Option<&'static str> {
        Some(match self {
            Self::Proven(_) | Self::ProvenBetween(_) => return None,
            Self::StillRed => "the fault is still here: fix it, and prove the test again",
            Self::PassesAtBase => {
                "it cannot tell the fault from its fix: make it fail without the fix, or name a base before the fix with --base"
            }
            Self::Inverted => "it asks for the fault: have it ask for what is right",
            Self::AnotherReason { .. } => {
                "that is no evidence of the fault: make the test fail for it alone, or declare what it does fail with"
            }
            Self::FailsHere { .. } => {
                "the fix is not whole, or the test fails by itself: see to it, and prove it again"
            }
            Self::Uncompiled {
                place: Place::Base, ..
            } => {
                "have it use only what was there before the fix; where the faulty form is still in the tree, \
                 `prove_between` shows both sides here"
            }
            Self::Uncompiled {
                place: Place::Here, ..
            } => "make it compile, and prove its tests again",
            Self::SetUpFailed { .. } => {
                "whatever it stands on has to work with the fault and without: see to its set-up, and prove it again"
            }
            Self::TimedOut { .. } => {
                "a test that waits for ever shows nothing: have it wait for less, or allow it more with `timeout = \"…\"`"
            }
            Self::Vacuous { .. } => {
                "have each user see what is its own, so that the check could have found it elsewhere"
            }
            Self::NeverRan { .. } => {
                "see that it is not ignored, and that nothing ends its process before it"
            }
            Self::Flaky { .. } => {
                "nothing can be told from it: make it do the same each time, and prove it again with --repeat"
            }
            Self::SourceDiffers(_) => {
                "move it into the package's `tests` folder, which is taken to the base, and prove it again"
            }
        })
    }
}
