/// How wide a report may be, and whether it has colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) width: usize,
    pub(crate) colours: bool,
}

impl Style {
    /// As the terminal on standard error wants it.
    pub(crate) fn of_terminal() -> Self {
        Self {
            width: 100,
            colours: false,
        }
    }
}
