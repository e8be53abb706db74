//! What concerns the whole process while tests run in it: signals, its end, and its panics.

pub(in crate::case) mod panic_attribution;
pub(in crate::case) mod process_exit;
pub(in crate::case) mod signals;
