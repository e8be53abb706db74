use std::time::Duration;

use crate::fail_first::FailFirst;

/// The description of a test that the attribute leaves.
#[derive(Debug)]
pub struct Test {
    /// The module that it is in, the crate first.
    pub module: &'static str,
    /// The function's name.
    pub name: &'static str,
    /// The source file, as the compiler names it.
    pub file: &'static str,
    /// The line of the function's name.
    pub line: u32,
    /// After how long the body has failed, in real time.
    pub timeout: Timeout,
    /// Which runtime it runs on.
    pub flavor: Flavor,
    /// Whether tokio's clock is paused at the start.
    pub start_paused: bool,
    /// Whether its fixtures are made within its body, as `#[rstest]` does, and [`begin`](crate::case::expanded::begin) says when they
    /// are.
    pub fixtures: bool,
    /// What it has to fail with before its fix.
    pub fail_first: Option<FailFirst>,
    /// A hash of the tokens of signature and body, which comments and layout do not change.
    pub source: u64,
    /// Which kind of cargo target it is in; empty where that is not known.
    pub target: &'static str,
    /// What it covers, where it is a fail-first test.
    pub covers: Option<CoveredSources>,
}

/// The sources that a test covers, with a fingerprint of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CoveredSources {
    /// Of the test itself.
    pub own: u64,
    /// Of all of them, in all files.
    pub digest: u64,
    /// Of those in each file, by its name.
    pub files: &'static [(&'static str, u64)],
}

/// How long a body may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Timeout {
    /// The attribute has none.
    Unset,
    /// This long.
    After(Duration),
    /// Without a limit: `timeout = "off"`.
    Off,
}

/// A kind of tokio runtime.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavor {
    /// Everything on the test's own thread.
    CurrentThread,
    /// Worker threads beside it: as many, or as many as there are cores.
    MultiThread(Option<usize>),
}
