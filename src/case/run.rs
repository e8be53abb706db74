use std::hint;

use super::Case;
use super::body::{Body, Call};
use super::meta::Test;
use super::outcome::{Failed, Said};

/// Runs a test.
///
/// # Errors
///
/// What is printed of it, where it failed.
pub fn run(test: &'static Test, body: Body) -> Result<(), Failed> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .start_paused(test.start_paused)
        .build()
        .map_err(|error| Failed(error.to_string()))?;
    let case = Case {};
    let mut staged = body.stage();
    runtime
        .block_on(staged.set_up(&case))
        .map_err(|error| Failed(error.to_string()))?;
    let outcome = match staged.call(&case) {
        Call::Later(body) => runtime.block_on(body),
        Call::Now(body) => body(),
    };
    let torn = runtime.block_on(staged.tear_down(&case));
    outcome.0.map_err(|Said { text, .. }| Failed(text))?;
    torn.map_err(|error| Failed(error.to_string()))
}

/// Says which line of the body comes next.
pub fn at(line: u32) {
    hint::black_box(line);
}
