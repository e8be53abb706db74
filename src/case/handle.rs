/// A test that is running: what it may ask of the harness.
#[derive(Clone, Debug)]
pub struct Case {}
