use std::fmt::Write as _;

use super::Results;

/// What was left out and why, with all peers for which it is the same.
pub(super) fn left_out(results: &Results<'_>) -> String {
    let mut reasons: Vec<(&str, &str, Vec<&str>)> = Vec::new();
    for &(peer, ref measured) in results {
        for one in measured {
            let Some(why) = one.unfit.as_deref() else { continue };
            let same = reasons
                .iter_mut()
                .find(|(shape, reason, _)| (*shape, *reason) == (&one.shape, why));
            match same {
                Some((_, _, peers)) => peers.push(peer),
                None => reasons.push((&one.shape, why, vec![peer])),
            }
        }
    }
    let mut text = String::new();
    for (shape, why, peers) in reasons {
        writeln!(text, "- {shape}: {why} ({}).", peers.join("; ")).expect("a string can be written to");
    }
    text
}
