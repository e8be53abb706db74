use super::page::{Line, Page, Tone};

/// What a section says in a word and its explanation a line.
#[derive(Debug, Default)]
pub(super) struct Facts(Vec<(String, String)>);

impl Facts {
    pub(super) fn add(&mut self, name: impl Into<String>, what: impl Into<String>) {
        self.0.push((name.into(), what.into()));
    }

    pub(super) fn write(&self, page: &mut Page) {
        let widest = self
            .0
            .iter()
            .map(|(name, _)| Line::default().and(Tone::Plain, name).width());
        let column = widest.max().unwrap_or_default() + 4;
        for (name, what) in &self.0 {
            let lead = Line::indented(2).and(Tone::Faint, name).padded(column);
            page.hanging(lead, Tone::Plain, what);
        }
    }
}
