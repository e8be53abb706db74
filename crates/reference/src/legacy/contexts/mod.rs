//! Contexts and states that engines share.

mod audit_trail;
mod checked_copy;
mod scratch_pad;

pub use audit_trail::AuditTrailFactory;
pub use checked_copy::CheckedCopyFactory;
pub use scratch_pad::ScratchPadFactory;
