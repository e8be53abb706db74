use super::page::{Page, Tone};
use super::words::grouped;
use crate::report::Finding;

/// Warns where the same schedule does not do the same again.
pub(super) fn write(page: &mut Page, finding: &Finding) {
    if let Some(nondeterminism) = &finding.nondeterminism {
        page.title(
            Tone::Warning,
            "warning: nondeterministic: the same schedule, run again, did something else",
        );
        let again = if nondeterminism.failed_again {
            "The second run failed in the same way all the same."
        } else {
            "The second run did not fail."
        };
        page.paragraph(&format!(
            "First in step {}: {}. {again}",
            grouped(nondeterminism.step as u64),
            nondeterminism.difference
        ));
        page.paragraph(
            "Likely causes: the random order of a std HashMap or HashSet, tokio::select! without `biased`, \
             spawn_blocking or threads, the wall clock, real input or output, a static or thread-local that outlives \
             an execution.",
        );
    }
    if finding.best_effort {
        page.title(Tone::Warning, "warning: a replay is best effort");
        page.paragraph(
            "Real time or real threads (`spawn_blocking` has some) were at play, whose order no schedule decides: run it \
             a few times.",
        );
    }
}
