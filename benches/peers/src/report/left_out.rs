use std::fmt::Write as _;

use super::Results;

/// What was left out and why, once for each reason.
pub(super) fn left_out(results: &Results<'_>) -> String {
    let mut text = String::new();
    for (peer, measured) in results {
        let mut reasons: Vec<(&str, Vec<&str>)> = Vec::new();
        for one in measured {
            let Some(why) = one.unfit.as_deref() else { continue };
            match reasons.iter_mut().find(|(reason, _)| *reason == why) {
                Some((_, shapes)) => shapes.push(&one.shape),
                None => reasons.push((why, vec![&one.shape])),
            }
        }
        for (why, shapes) in reasons {
            writeln!(text, "- {peer}: {why} ({}).", shapes.join("; ")).expect("a string can be written to");
        }
    }
    text
}
