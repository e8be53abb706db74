//! AG-UI 1.0, the agent-user interaction protocol: its 31 event types and sequencing rules, as its reference client verifies them.

mod chunks;
mod fields;
mod run;
#[cfg(test)]
mod tests;
mod verifier;

pub(super) use verifier::Verifier;
