use ssot_reference::legacy::Legacy;

use crate::oracle::Kind;

/// The kind of violation that the fault of a legacy engine is.
///
/// ```
/// use ssot_harness::prelude::*;
/// use ssot_harness::reference::legacy::Legacy;
///
/// for legacy in Legacy::ALL {
///     println!("row {:02}, {legacy}: reported as {}", legacy.row(), legacy.kind());
/// }
/// assert_eq!(Legacy::CancelLeak.kind(), Kind::Residue);
/// ```
pub trait LegacyKind {
    /// The kind as which a check reports the fault.
    #[must_use]
    fn kind(self) -> Kind;
}

impl LegacyKind for Legacy {
    fn kind(self) -> Kind {
        match self {
            Self::SharedState
            | Self::DefaultBucket
            | Self::SetterOverwritesAll
            | Self::BroadcastFallback
            | Self::LaunderedPayload
            | Self::CacheWithoutUser
            | Self::DiagnosticsLeak
            | Self::AmbientIdentity
            | Self::AnswerShift
            | Self::ParallelOnly => Kind::ContextLeak,
            Self::ContextOverwritten | Self::WrongRecipient => Kind::Misattribution,
            Self::CrossTeardown | Self::Starvation | Self::Influence => Kind::Interference,
            Self::OrphanTask | Self::CancelLeak => Kind::Residue,
            Self::LockAcrossAwait => Kind::Hang,
        }
    }
}
