use super::Surface;

/// Some of the surfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SurfaceSet(u8);

impl SurfaceSet {
    pub(crate) fn all() -> Self {
        Surface::ALL.into_iter().collect()
    }

    pub(crate) fn contains(self, surface: Surface) -> bool {
        self.0 & Self::bit(surface) != 0
    }

    fn bit(surface: Surface) -> u8 {
        1 << surface as u8
    }
}

impl FromIterator<Surface> for SurfaceSet {
    fn from_iter<I: IntoIterator<Item = Surface>>(surfaces: I) -> Self {
        Self(
            surfaces
                .into_iter()
                .fold(0, |set, surface| set | Self::bit(surface)),
        )
    }
}

impl Default for SurfaceSet {
    fn default() -> Self {
        Self::all()
    }
}
