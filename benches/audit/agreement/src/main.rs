//! Holds what the audit says paths lead to against what rust-analyzer says of the same paths.

mod analyzer;
mod judge;
mod places;

use std::collections::BTreeMap;
use std::env;
use std::path::Path;
use std::process::ExitCode;

use analyzer::Seen;
use judge::{Verdict, judge};
use places::Places;

fn main() -> ExitCode {
    let Some(folder) = env::args().nth(1) else {
        eprintln!("usage: agreement PATH [list]");
        return ExitCode::from(2);
    };
    let list = env::args().nth(2).is_some();
    let folder = std::fs::canonicalize(folder).expect("the folder is there");
    let places = Places::of(ssot_audit::references(&folder).expect("the workspace can be audited"));
    let mut counts: BTreeMap<Verdict, [usize; 2]> = BTreeMap::new();
    analyzer::load(&folder, |analyzer| {
        for file in places.files() {
            analyzer.file(file, &mut |seen| {
                let Some(verdict) = judge(&places, analyzer, &seen) else {
                    return;
                };
                counts.entry(verdict).or_default()[usize::from(seen.in_macro)] += 1;
                if list && verdict != Verdict::Agree {
                    show(&folder, &places, &seen, verdict);
                }
            });
        }
    });
    for (verdict, [plain, in_macro]) in &counts {
        println!(
            "{}: {} ({in_macro} of them in macro calls)",
            verdict.as_str(),
            plain + in_macro
        );
    }
    ExitCode::SUCCESS
}

fn show(folder: &Path, places: &Places, seen: &Seen, verdict: Verdict) {
    let text = std::fs::read_to_string(folder.join(&seen.file)).unwrap_or_default();
    let line = text[..seen.at].matches('\n').count() + 1;
    let begin = text[..seen.at].rfind('\n').map_or(0, |at| at + 1);
    let end = text[seen.at..].find('\n').map_or(text.len(), |at| at + seen.at);
    println!(
        "{verdict:?}{} {}:{line}:{}: {}\n    analyzer: {:?} {}\n    audit: {:?}",
        if seen.in_macro { " in a macro" } else { "" },
        seen.file,
        seen.at - begin,
        text[begin..end].trim(),
        seen.targets,
        seen.what,
        places.at(&seen.file, seen.at)
    );
}
