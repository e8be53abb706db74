use std::ops::Range;

use console::measure_text_width;

use super::excerpt::Excerpt;
use super::page::{Line, Tone};
use super::tasks::{called, in_lane, place};
use super::words::grouped;
use super::wrap::wrapped;
use crate::interleave::WokenBy;
use crate::oracle::Violation;
use crate::report::rows::{Row, Ticking, TimelineEvent, is_same};
use crate::report::spans::shown_by;
use crate::trace::Observation;

/// What stands in a lane.
pub(super) struct Cell {
    pub(super) mark: &'static str,
    pub(super) tone: Tone,
    /// Never empty; no line is wider than was asked for.
    pub(super) text: Vec<Line>,
}

/// What a row says, in lines of at most `width` columns.
pub(super) fn cell(row: &Row<'_>, names: &[String], width: usize) -> Cell {
    let said = |mark, tone, text: &str| Cell {
        mark,
        tone,
        text: wrapped(text, width, width)
            .into_iter()
            .map(|line| Line::default().and(tone, line))
            .collect(),
    };
    match row.what {
        TimelineEvent::Goes {
            times,
            starts,
            ends,
            stopped_at,
            ..
        } => {
            let turn = turn(times, starts, ends, stopped_at);
            said("●", Tone::Plain, &format!("{turn}{}", woken(row)))
        }
        TimelineEvent::Task { ran, times, is_local } => {
            let what = if is_local {
                "the local tasks run".to_owned()
            } else {
                format!("{} runs", in_lane(ran))
            };
            said("○", Tone::Faint, &format!("{what}{}{}", often(times), woken(row)))
        }
        TimelineEvent::Ticks { whose, times } => {
            let (mark, what) = match whose {
                Ticking::User(_) => ("●", "resumes".to_owned()),
                Ticking::Task(ran) => ("○", format!("{} runs", in_lane(ran))),
            };
            said(
                mark,
                Tone::Faint,
                &format!("{what} ×{times}, each time at the next timer"),
            )
        }
        TimelineEvent::Clock { late, times } => {
            let how = match late {
                0 => "→ next timer".to_owned(),
                late => format!("in strides of {late} ms"),
            };
            said("", Tone::Faint, &format!("clock {how}{}", often(times)))
        }
        TimelineEvent::Passes { millis, times } => said(
            "",
            Tone::Faint,
            &format!("clock +{millis} ms, past runnables{}", often(times)),
        ),
        TimelineEvent::Panics { panic, ran } => {
            let who = called(ran, names);
            said("✗", Tone::Wrong, &format!("{who} panics: {panic}"))
        }
        TimelineEvent::Drops { polls, at, .. } => {
            let at = at.map_or_else(String::new, |at| format!(", {}", place(at)));
            said(
                "✂",
                Tone::Warning,
                &format!("call dropped after poll {polls}{at}"),
            )
        }
        TimelineEvent::Saw {
            observation,
            violation: Some(violation),
        } => Cell {
            mark: "✗",
            tone: Tone::Wrong,
            text: vec![wrong(observation, violation, width)],
        },
        TimelineEvent::Saw {
            observation,
            violation: None,
        } => Cell {
            mark: "├",
            tone: Tone::Faint,
            text: vec![seen(observation, &[], width, Tone::Faint)],
        },
    }
}

fn turn(times: usize, starts: bool, ends: bool, stopped_at: Option<u8>) -> String {
    let verb = if starts { "starts" } else { "resumes" };
    let often = often(times);
    let stopped = stopped_at.map_or_else(String::new, |nth| format!(", stopped at ready await {nth}"));
    let ends = if ends { " and ends" } else { "" };
    format!("{verb}{often}{stopped}{ends}")
}

/// Who woke the one who runs, where it was somebody else.
fn woken(row: &Row<'_>) -> String {
    match row.woken_by {
        Some(WokenBy::Step(index)) if !row.wakes_itself => {
            format!(", woken by step {}", grouped(index as u64 + 1))
        }
        _ => String::new(),
    }
}

fn often(times: usize) -> String {
    match times {
        1 => String::new(),
        times => format!(" ×{times}"),
    }
}

fn wrong(observation: &Observation, violation: &Violation, width: usize) -> Line {
    // Where the secret came in chunks, the last of several observations completes it, and is this one.
    let spans = shown_by(violation);
    let own = spans
        .iter()
        .rfind(|shown| is_same(shown.observation, observation));
    let ranges = own.map_or(&[][..], |shown| &shown.ranges);
    seen(observation, ranges, width, Tone::Plain)
}

fn seen(observation: &Observation, ranges: &[Range<usize>], width: usize, tone: Tone) -> Line {
    let surface = format!("{} ", observation.surface());
    let left = width.saturating_sub(measure_text_width(&surface));
    let excerpt = Excerpt::of(observation.text(), ranges, left);
    excerpt.written_to(Line::default().and(tone, surface), tone)
}
