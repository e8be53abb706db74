//! What a test can ask of its case, in tests that pass. How tests fail is shown by `tests/runners.rs`.

mod attribute;
mod cleanups;
mod clock;
mod contract;
mod environment;
mod errors;
mod event_snapshots;
mod eventually;
#[cfg(feature = "rstest")]
mod fixtures;
mod identity;
mod logs;
mod metrics;
mod mock_server;
mod module_graph;
mod outcomes;
mod public_api;
mod tasks;
mod told;
