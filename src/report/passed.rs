use super::Caveat;
use super::finding::SearchSummary;
use crate::oracle::LeftOut;

/// What a passing check covered.
#[derive(Clone, Debug)]
pub(crate) struct Passed {
    pub(crate) search: SearchSummary,
    /// The test that it was in, where that is known.
    pub(crate) test: Option<String>,
    pub(crate) caveats: Vec<Caveat>,
    /// What is not compared with solo runs.
    pub(crate) left_out: Vec<LeftOut>,
}
