//! What cargo says of a workspace.

mod metadata;

pub(crate) use metadata::{TargetKind, Workspace};
