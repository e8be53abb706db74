use super::finding;
use crate::report::text::page::{Line, Page, Tone};
use crate::report::{Cleaned, CleanedWhat, TestFailure};

pub(in crate::report::text) fn write(page: &mut Page, failed: &TestFailure) {
    let mut headlines: Vec<String> = failed.findings.iter().map(finding::headline).collect();
    headlines.dedup();
    page.headline(&format!("{}: {}", failed.test, headlines.join(", and ")));
    page.title(Tone::Title, "what failed");
    for found in &failed.findings {
        finding::write(page, found, failed.file);
    }
    if !failed.cleaned.is_empty() {
        page.title(Tone::Title, "what was cleaned up");
        for alike in failed.cleaned.chunk_by(PartialEq::eq) {
            write_cleaned(page, &alike[0], alike.len());
        }
    }
    if !failed.log.is_empty() {
        page.title(Tone::Title, "the last of its log");
        for event in &failed.log {
            page.as_it_stands(&Line::indented(2), event);
        }
    }
    if let Some(seed) = failed.seed {
        page.title(
            Tone::Plain,
            &format!("its users are those of seed {seed}: SSOT_SEED={seed} draws them again"),
        );
    }
}

fn write_cleaned(page: &mut Page, cleaned: &Cleaned, times: usize) {
    let (tone, outcome) = if cleaned.well {
        (Tone::Good, "done")
    } else {
        (Tone::Wrong, "failed")
    };
    let what = match cleaned.what {
        CleanedWhat::TearDown(fixture) => format!("tear-down of {fixture}"),
        CleanedWhat::Registered(at) => format!("registered at {at}"),
    };
    let times = match times {
        1 => String::new(),
        n => format!(" ×{n}"),
    };
    page.hanging(
        Line::labelled(tone, outcome),
        Tone::Plain,
        &format!("{what}{times}"),
    );
}
