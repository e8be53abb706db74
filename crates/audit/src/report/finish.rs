//! Drafts become findings: their places in lines, their order.

use std::collections::BTreeMap;
use std::fs;

use crate::finding::{Confidence, Finding, Label, Level, State};
use crate::model::Model;
use crate::rules::{Draft, Drafts, Mark};

/// The findings of drafts, by file and line, and the texts of their files.
pub(crate) fn finish(model: &Model, drafts: Drafts) -> (Vec<Finding>, BTreeMap<String, String>) {
    let mut sources = BTreeMap::new();
    let mut findings: Vec<Finding> = drafts
        .list
        .into_iter()
        .map(|draft| finding(model, draft, &mut sources))
        .collect();
    findings.sort_by(|one, other| key(one).cmp(&key(other)));
    (findings, sources)
}

fn key(finding: &Finding) -> (&str, usize, &'static str, &str, &str) {
    let (file, start) = finding
        .labels
        .first()
        .map_or(("", 0), |label| (&*label.file, label.start));
    (file, start, finding.rule.id(), &finding.place, &finding.target)
}

fn finding(model: &Model, draft: Draft, sources: &mut BTreeMap<String, String>) -> Finding {
    let labels = draft
        .marks
        .into_iter()
        .map(|mark| label(model, mark, sources))
        .collect();
    let mut notes = draft.notes;
    match draft.confidence {
        Confidence::Exact => {}
        Confidence::Import => {
            notes.push("seen in an import only: nothing in its module uses the name".to_owned());
        }
        Confidence::MacroTokens => {
            notes.push("seen in the tokens of a macro: what it makes of them is not visible".to_owned());
        }
        Confidence::Lead => notes.push("a lead, which fails nothing".to_owned()),
    }
    Finding {
        rule: draft.rule,
        level: if draft.confidence == Confidence::Lead {
            Level::Note
        } else {
            Level::Error
        },
        confidence: draft.confidence,
        state: State::New,
        message: draft.message,
        place: draft.place,
        target: draft.target,
        shape: format!("{:016x}", draft.shape),
        labels,
        notes,
        help: draft.help,
    }
}

fn label(model: &Model, mark: Mark, sources: &mut BTreeMap<String, String>) -> Label {
    let path = &model.loaded.files[mark.file as usize].path;
    let file = model.relative(path);
    // It was read a moment ago; one that has vanished since shows no line.
    let source = sources
        .entry(file.clone())
        .or_insert_with(|| fs::read_to_string(path).unwrap_or_default());
    let start = (mark.at as usize).min(source.len());
    let end = start + length(&source[start..]);
    let (line, column) = crate::syntax::line_and_column(source, start);
    let width = source[start..end].chars().count();
    Label {
        file,
        start,
        end,
        line,
        column: column + 1,
        end_column: column + 1 + width,
        text: mark.text,
    }
}

/// How much is underlined: a path, a text, or the head of an impl.
fn length(text: &str) -> usize {
    let line = text.lines().next().unwrap_or("");
    if line.starts_with("impl") {
        return line
            .find('{')
            .map_or(line.len(), |brace| line[..brace].trim_end().len());
    }
    if let Some(rest) = line.strip_prefix('"') {
        return rest.find('"').map_or(line.len(), |quote| quote + 2);
    }
    let word = |from: usize| {
        line[from..]
            .find(|char: char| !(char.is_alphanumeric() || char == '_' || char == '#'))
            .map_or(line.len(), |end| from + end)
    };
    let mut end = if line.starts_with("::") { word(2) } else { word(0) };
    while line[end..].starts_with("::")
        && line[end + 2..].starts_with(|char: char| char.is_alphabetic() || char == '_')
    {
        end = word(end + 2);
    }
    end.max(line.chars().next().map_or(0, char::len_utf8))
}

#[cfg(test)]
mod tests {
    use super::length;

    #[test]
    fn what_is_underlined_is_the_path_the_text_or_the_head_of_the_impl() {
        assert_eq!(length("crate::a::B::new(c)"), "crate::a::B::new".len());
        assert_eq!(length("B::<T>::new(c)"), 1);
        assert_eq!(length("impl Engine for Legacy {"), "impl Engine for Legacy".len());
        assert_eq!(length("\"agent_started\", x"), "\"agent_started\"".len());
        assert_eq!(length("::é()"), "::é".len());
        assert_eq!(length(""), 0);
    }
}
