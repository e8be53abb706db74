use super::rows::{Row, Ticking, TimelineEvent};

/// Rows in which a timer lets the same one go on again and again become one.
pub(super) fn folded<'f>(rows: &[Row<'f>]) -> Vec<Row<'f>> {
    let mut folded = Vec::with_capacity(rows.len());
    let mut at = 0;
    while at < rows.len() {
        let ticks = ticks(&rows[at..]);
        if ticks < 2 {
            folded.push(rows[at].clone());
            at += 1;
            continue;
        }
        let pair = &rows[at..at + 2 * ticks];
        let whose = match pair[1].what {
            TimelineEvent::Task { ran, .. } => Ticking::Task(ran),
            _ => Ticking::User(pair[1].user().unwrap_or_default()),
        };
        folded.push(Row {
            first: pair[0].first,
            last: pair[pair.len() - 1].last,
            preempted: None,
            woken_by: None,
            wakes_itself: false,
            what: TimelineEvent::Ticks { whose, times: ticks },
        });
        at += 2 * ticks;
    }
    folded
}

/// How often a move of the clock and one and the same who then goes on follow each other.
fn ticks(rows: &[Row<'_>]) -> usize {
    let Some(first) = rows.get(..2).filter(|pair| is_tick(&pair[0], &pair[1])) else {
        return 0;
    };
    let same = |pair: &[Row<'_>]| {
        pair.len() == 2
            && is_tick(&pair[0], &pair[1])
            && is_same(&pair[0].what, &first[0].what)
            && is_same(&pair[1].what, &first[1].what)
    };
    rows.chunks(2).take_while(|pair| same(pair)).count()
}

fn is_tick(clock: &Row<'_>, goes: &Row<'_>) -> bool {
    matches!(clock.what, TimelineEvent::Clock { times: 1, .. })
        && goes.preempted.is_none()
        && matches!(
            goes.what,
            TimelineEvent::Goes {
                starts: false,
                ends: false,
                stopped_at: None,
                ..
            } | TimelineEvent::Task { .. }
        )
}

fn is_same(one: &TimelineEvent<'_>, other: &TimelineEvent<'_>) -> bool {
    match (one, other) {
        (TimelineEvent::Clock { late: one, .. }, TimelineEvent::Clock { late: other, .. }) => one == other,
        (
            TimelineEvent::Goes {
                user: one, times: a, ..
            },
            TimelineEvent::Goes {
                user: other,
                times: b,
                ..
            },
        ) => one == other && a == b,
        (
            TimelineEvent::Task {
                ran: one, times: a, ..
            },
            TimelineEvent::Task {
                ran: other, times: b, ..
            },
        ) => one == other && a == b,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::folded;
    use crate::report::rows::{Ran, Ticking, TimelineEvent, rows};
    use crate::report::samples::Sample;
    use crate::trace::Surface;

    /// The steps of a row, and who ticks in it how often.
    type Ticks = (usize, usize, Option<(Ticking<'static>, usize)>);

    /// The rows of an execution.
    fn ticking(schedule: &str, seen: Option<u32>) -> Vec<Ticks> {
        let mut sample = Sample::new(2, schedule);
        if let Some(step) = seen {
            sample = sample.saw(1, Surface::Reply, step, "hello");
        }
        let finding = sample.finding();
        folded(&rows(&finding))
            .iter()
            .map(|row| {
                let ticks = match row.what {
                    TimelineEvent::Ticks {
                        whose: Ticking::User(user),
                        times,
                    } => Some((Ticking::User(user), times)),
                    TimelineEvent::Ticks { times, .. } => Some((Ticking::Task(Ran::default()), times)),
                    _ => None,
                };
                (row.first, row.last, ticks)
            })
            .collect()
    }

    #[test]
    fn a_user_at_every_tick_is_one_row() {
        assert_eq!(
            ticking("v1:one@0:1,2,t,2,t,2,t,2,1,t,2", None),
            [
                (1, 1, None),
                (2, 2, None),
                (3, 8, Some((Ticking::User(1), 3))),
                (9, 9, None),
                (10, 10, None),
                (11, 11, None),
            ]
        );
    }

    #[test]
    fn a_task_at_every_tick_is_one_row() {
        let task = Ticking::Task(Ran::default());
        assert_eq!(
            ticking("v1:one@0:1,t,s0,t,s0,t,1", None),
            [(1, 1, None), (2, 5, Some((task, 2))), (6, 6, None), (7, 7, None)]
        );
    }

    #[test]
    fn what_is_seen_at_a_tick_is_shown() {
        let rows = ticking("v1:one@0:2,t,2,t,2,t,2,t,2,t,2,2", Some(5));
        let ticks: Vec<_> = rows.iter().filter_map(|row| Some((row.0, row.2?.1))).collect();
        assert_eq!(ticks, [(2, 2), (6, 2)]);
        assert!(rows.contains(&(5, 5, None)), "{rows:?}");
    }

    #[test]
    fn late_clocks_and_others_who_go_on_are_apart() {
        let rows = ticking("v1:one@0:1,2,t,1,t,2,t+3,1,t,1,2", None);
        assert!(rows.iter().all(|row| row.2.is_none()), "{rows:?}");
    }
}
