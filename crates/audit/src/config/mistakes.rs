//! Mistakes of a configuration, all told at once.

use std::ops::Range;
use std::path::Path;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};

use super::types::Text;
use crate::error::Error;

/// The id of every mistake.
pub(crate) const ID: &str = "SSOT000";

/// One mistake.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Mistake {
    pub(crate) what: String,
    pub(crate) help: Option<String>,
    pub(crate) span: Option<Range<usize>>,
}

/// The mistakes of one configuration.
#[derive(Debug, Default)]
pub(crate) struct Mistakes {
    list: Vec<Mistake>,
}

impl Mistakes {
    pub(crate) fn add(&mut self, what: impl Into<String>, span: Option<Range<usize>>, help: Option<String>) {
        self.list.push(Mistake {
            what: what.into(),
            help,
            span,
        });
    }

    pub(crate) fn at(&mut self, text: &Text, what: impl Into<String>, help: Option<String>) {
        self.add(what, text.span.clone(), help);
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// An error that tells them all, in the order of the file.
    ///
    /// # Errors
    ///
    /// Where there is any.
    pub(crate) fn into_result(mut self, path: &Path, source: &str) -> Result<(), Error> {
        if self.list.is_empty() {
            return Ok(());
        }
        self.list
            .sort_by_key(|mistake| mistake.span.as_ref().map_or(0, |span| span.start));
        Err(Error::Configuration {
            path: path.to_owned(),
            count: self.list.len(),
            text: self.text(path, source),
        })
    }

    fn text(&self, path: &Path, source: &str) -> String {
        let name = path
            .file_name()
            .map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let renderer = Renderer::plain();
        let mut texts = Vec::new();
        for mistake in &self.list {
            let title = Level::ERROR.primary_title(&mistake.what).id(ID);
            let mut report: Vec<Group<'_>> = Vec::new();
            let mut first = match &mistake.span {
                Some(span) if span.end <= source.len() => title.element(
                    Snippet::source(source)
                        .path(&name)
                        .annotation(AnnotationKind::Primary.span(span.clone())),
                ),
                _ => Group::with_title(title),
            };
            if let Some(help) = &mistake.help {
                first = first.element(Level::HELP.message(help));
            }
            report.push(first);
            texts.push(renderer.render(&report));
        }
        texts.join("\n\n")
    }
}

/// `did you mean ..?` with the known word that is most like another, if any is.
pub(crate) fn did_you_mean<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<String> {
    known
        .into_iter()
        .map(|known| (strsim::jaro_winkler(word, known), known))
        .filter(|(score, _)| *score > 0.7)
        .max_by(|one, other| one.0.total_cmp(&other.0))
        .map(|(_, known)| format!("did you mean `{known}`?"))
}
