//! What a test case costs beside `#[tokio::test]`: see `tests/overhead.rs`.
