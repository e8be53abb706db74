//! The picture and the tables of growth hold what was measured. No time is judged: machines differ.

use std::sync::LazyLock;
use std::time::Duration;

use roxmltree::{Document, Node};
use search::growth::{Axis, Series, Way, growth_of};
use search::heap::Counting;
use search::{growth_report, plot};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// A few sizes, as short as can be; once, for two would count what the other allocates.
static MEASURED: LazyLock<Vec<Series>> = LazyLock::new(|| growth_of(Duration::ZERO, |size| size < 10));

fn marks<'d>(document: &'d Document<'_>) -> impl Iterator<Item = Node<'d, 'd>> {
    document.descendants().filter(|node| node.has_tag_name("circle"))
}

#[test]
fn everything_that_is_measured_is_shown() {
    let all = &*MEASURED;
    let picture = plot::svg(all);
    let document = Document::parse(&picture).expect("the picture is well-formed");
    let points: usize = all.iter().map(|series| series.points.len()).sum();
    assert!(points > 20, "{points}");
    // The time of an execution, the time of a decision, and bytes; and the legend.
    assert_eq!(marks(&document).count(), 3 * points + Way::ALL.len());
    let table = growth_report::points(all).csv();
    assert_eq!(table.lines().count(), 1 + points);
    let exponents = growth_report::exponents(all).csv();
    assert_eq!(exponents.lines().count(), 1 + all.len());
}

#[test]
fn every_mark_lies_within_the_picture() {
    let picture = plot::svg(&MEASURED);
    let document = Document::parse(&picture).expect("the picture is well-formed");
    let page = document.root_element();
    let number = |node: Node<'_, '_>, name: &str| -> f64 {
        let text = node.attribute(name).expect(name);
        text.parse().expect(name)
    };
    let (width, height) = (number(page, "width"), number(page, "height"));
    for text in document.descendants().filter(|node| node.has_tag_name("text")) {
        let (x, size) = (number(text, "x"), number(text, "font-size"));
        let letters = text.text().expect("what it says").trim().chars().count();
        // As wide as a wide font has it.
        let long = 0.7 * size * f64::from(u32::try_from(letters).expect("a line"));
        let (left, right) = match text.attribute("text-anchor") {
            Some("start") => (x, x + long),
            Some("middle") => (x - long / 2.0, x + long / 2.0),
            _ => (x - long, x),
        };
        assert!(0.0 <= left && right <= width, "{text:?}");
        assert!((0.0..height).contains(&number(text, "y")), "{text:?}");
        assert!(size >= 11.0, "{text:?}");
    }
    for mark in marks(&document) {
        assert!((0.0..width).contains(&number(mark, "cx")), "{mark:?}");
        assert!((0.0..height).contains(&number(mark, "cy")), "{mark:?}");
    }
}

#[test]
fn a_decision_is_a_poll_where_no_call_is_dropped() {
    for series in MEASURED.iter().filter(|series| series.way == Way::Walk) {
        for point in &series.points {
            let size = f64::from(point.size);
            let all = match series.axis {
                Axis::Users => size * 5.0,
                Axis::Steps => 3.0 * (size + 1.0),
                // Each task is polled twice, and may wake who waits for it.
                Axis::Tasks => 15.0 + 2.5 * size,
            };
            let more = if series.axis == Axis::Tasks {
                0.5 * size
            } else {
                0.0
            };
            assert!(
                (point.decisions - all).abs() <= more,
                "{:?}, {point:?}",
                series.axis
            );
        }
    }
}
