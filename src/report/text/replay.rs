use super::page::{Line, Page, Tone};
use super::quoting::{rust_literal, shell_quoted, shell_word};
use crate::report::Finding;
use crate::report::TestPath;

/// How to see the failure again. The replay text is never broken, for it is to be copied.
pub(super) fn write(page: &mut Page, finding: &Finding) {
    page.title(Tone::Title, "how to replay it");
    let variable = format!("SSOT_REPLAY={}", shell_quoted(&finding.replay));
    // Where no test is known, a command would run checks that the text is not for.
    let command = finding.test.as_ref().and_then(TestPath::command);
    match command {
        None => page.line(
            Line::indented(2)
                .and(Tone::Plain, variable)
                .and(Tone::Faint, " in the environment"),
        ),
        Some(words) => {
            let words: Vec<_> = words.iter().map(|word| shell_word(word)).collect();
            let command = words.join(" ");
            let line = Line::indented(2).and(Tone::Plain, format!("{variable} {command}"));
            if line.width() <= page.width() {
                page.line(line);
            } else {
                page.line(Line::indented(2).and(Tone::Plain, format!("{variable} \\")));
                page.line(Line::indented(4).and(Tone::Plain, command));
            }
        }
    }
    let call = format!(".replay({})", rust_literal(&finding.replay));
    page.line(
        Line::indented(2)
            .and(Tone::Faint, "or in the code: ")
            .and(Tone::Plain, call),
    );
    if let Some(kept) = &finding.kept {
        page.paragraph(&format!(
            "kept in {}, which every run of the test replays first: commit it",
            kept.display()
        ));
    }
}
