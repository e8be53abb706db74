//! What a test uses: its case, and the trait of its fixture.

mod env;
mod handle;
mod test_case;

pub use env::Env;
pub use handle::Case;
pub use test_case::SsotAsyncTestCase;
