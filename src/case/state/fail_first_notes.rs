use std::sync::OnceLock;

use crate::fail_first::Fingerprint;

/// What a test's own code reported that may be evidence for its `fail_first` declaration.
#[derive(Debug, Default)]
pub(in crate::case) struct FailFirstNotes {
    /// The messages of the error that the body returned, without any text of the harness.
    pub(in crate::case) error_messages: OnceLock<Vec<String>>,
    /// What `prove_between` showed.
    pub(in crate::case) proof: OnceLock<Fingerprint>,
}

impl FailFirstNotes {
    /// The messages of the error that the body returned; empty where it returned none.
    pub(in crate::case) fn error_messages(&self) -> &[String] {
        self.error_messages.get().map_or(&[][..], |messages| messages)
    }
}
