use crate::report::rows::Row;

/// As many rows as a reader takes in.
const MOST: usize = 40;
/// Of more than these, the beginning stays …
const HEAD: usize = 10;
/// … and what leads to the violation …
const BEFORE: usize = 22;
/// … and what follows it.
const AFTER: usize = 5;

/// What is left of the rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Shown {
    /// The row at this index.
    Row(usize),
    /// Rows that were left out, with the steps they stand for.
    Gap { first: usize, last: usize },
}

/// About 40 rows: the beginning, those around the one in `focus`, and the first and the last of each user who is `accused`.
pub(super) fn truncated(rows: &[Row<'_>], focus: usize, accused: &[usize]) -> Vec<Shown> {
    let ends: Vec<_> = accused
        .iter()
        .flat_map(|&user| {
            let is_own = |row: &Row<'_>| row.user() == Some(user);
            [rows.iter().position(is_own), rows.iter().rposition(is_own)]
        })
        .flatten()
        .collect();
    let is_kept = |index: usize| {
        rows.len() <= MOST
            || index < HEAD
            || (index + BEFORE > focus && index <= focus + AFTER)
            || ends.contains(&index)
    };
    let mut shown = Vec::new();
    for (index, row) in rows.iter().enumerate() {
        if is_kept(index) {
            shown.push(Shown::Row(index));
            continue;
        }
        match shown.last_mut() {
            Some(Shown::Gap { last, .. }) => *last = row.last,
            _ => shown.push(Shown::Gap {
                first: row.first,
                last: row.last,
            }),
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::{Shown, truncated};
    use crate::report::rows::rows;
    use crate::report::samples::Sample;

    #[test]
    fn a_long_schedule_keeps_its_beginning_and_what_leads_to_the_violation() {
        let text = format!("v1:one@0:{}", vec!["1,2"; 500].join(","));
        let finding = Sample::new(2, &text).finding();
        let shown = truncated(&rows(&finding), 700, &[]);
        let gaps: Vec<_> = shown
            .iter()
            .filter(|shown| matches!(shown, Shown::Gap { .. }))
            .collect();
        assert_eq!(
            gaps,
            [
                &Shown::Gap { first: 11, last: 679 },
                &Shown::Gap {
                    first: 707,
                    last: 1_000
                }
            ]
        );
        assert!(shown.contains(&Shown::Row(700)));
        assert!(shown.len() <= 40, "{}", shown.len());
    }

    #[test]
    fn who_is_accused_is_always_shown() {
        let text = format!(
            "v1:one@0:1,{},2,{},2,1",
            vec!["3,1"; 100].join(","),
            vec!["3,1"; 100].join(",")
        );
        let finding = Sample::new(3, &text).finding();
        let rows = rows(&finding);
        let shown = truncated(&rows, 0, &[1]);
        for at in [201, 402] {
            assert_eq!(rows[at].user(), Some(1));
            assert!(shown.contains(&Shown::Row(at)), "{shown:?}");
        }
        assert!(!truncated(&rows, 0, &[]).contains(&Shown::Row(201)));
    }

    #[test]
    fn a_short_schedule_is_shown_whole() {
        let finding = Sample::new(2, "v1:one@0:1,2,1,2").finding();
        assert_eq!(truncated(&rows(&finding), 0, &[]), [0, 1, 2, 3].map(Shown::Row));
    }
}
