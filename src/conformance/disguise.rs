/// As what a deprecated implementation is offered to what takes only the canonical one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum Disguise {
    /// The canonical implementation, in no disguise. It has to be accepted.
    Canonical,
    /// A deprecated implementation, as what it is.
    Deprecated,
    /// A deprecated implementation whose type has the name of the canonical one.
    Renamed,
    /// A wrapper around a deprecated implementation that claims to be the canonical one.
    Wrapped,
    /// A deprecated implementation in exchange for a canonical one that was accepted.
    SwappedLater,
}

impl Disguise {
    /// Every disguise.
    pub const ALL: [Self; 5] = [
        Self::Canonical,
        Self::Deprecated,
        Self::Renamed,
        Self::Wrapped,
        Self::SwappedLater,
    ];

    /// What is offered, for a report.
    pub(super) fn described(self) -> &'static str {
        match self {
            Self::Canonical => "the canonical implementation",
            Self::Deprecated => "a deprecated implementation",
            Self::Renamed => "a deprecated implementation under the canonical one's name",
            Self::Wrapped => "a wrapper around a deprecated implementation",
            Self::SwappedLater => "a deprecated implementation in exchange for the canonical one",
        }
    }
}
