use console::Term;

/// What fits where no terminal and no `COLUMNS` says how wide it is.
const USUAL: usize = 100;
/// Narrower than this, two lanes do not fit beside each other.
const NARROWEST: usize = 60;
/// Wider than this, the eye loses the line.
const WIDEST: usize = 160;

/// How wide a report may be, in columns, and whether it has colours.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Style {
    pub(crate) width: usize,
    pub(crate) colours: bool,
}

impl Style {
    /// As the terminal on standard error wants it, and `COLUMNS`, `NO_COLOR`, `CLICOLOR` and `TERM` say.
    pub(crate) fn of_terminal() -> Self {
        let terminal = Term::stderr().size_checked().map(|(_, columns)| columns);
        // A width that is not even text is as good as none: there is a usual one.
        let columns = std::env::var("COLUMNS").ok();
        Self {
            width: width(terminal.map(usize::from), columns.as_deref()),
            colours: console::colors_enabled_stderr(),
        }
    }
}

fn width(terminal: Option<usize>, columns: Option<&str>) -> usize {
    terminal
        .or_else(|| columns?.trim().parse().ok())
        .unwrap_or(USUAL)
        .clamp(NARROWEST, WIDEST)
}

#[cfg(test)]
mod tests {
    use super::width;

    #[test]
    fn the_terminal_goes_before_columns_and_both_are_kept_legible() {
        assert_eq!(width(Some(120), Some("80")), 120);
        assert_eq!(width(None, Some(" 80 ")), 80);
        assert_eq!(width(None, Some("wide")), 100);
        assert_eq!(width(None, None), 100);
        assert_eq!(width(Some(0), None), 60);
        assert_eq!(width(None, Some("4000")), 160);
    }
}
