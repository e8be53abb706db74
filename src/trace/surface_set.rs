use super::Surface;

/// Some of the surfaces.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct SurfaceSet([bool; Surface::ALL.len()]);

impl SurfaceSet {
    pub(crate) fn all() -> Self {
        Surface::ALL.into_iter().collect()
    }

    pub(crate) fn contains(self, surface: Surface) -> bool {
        self.0[surface as usize]
    }
}

impl FromIterator<Surface> for SurfaceSet {
    fn from_iter<I: IntoIterator<Item = Surface>>(surfaces: I) -> Self {
        let mut set = Self([false; Surface::ALL.len()]);
        for surface in surfaces {
            set.0[surface as usize] = true;
        }
        set
    }
}

impl Default for SurfaceSet {
    fn default() -> Self {
        Self::all()
    }
}
