//! How executions slow down, as a picture: a panel for each axis and quantity, all scales logarithmic.

use std::fmt::Write as _;

use crate::growth::{Axis, Point, Series, Way};

const WIDTH: f64 = 1_140.0;
const HEIGHT: f64 = 916.0;
/// The plotting area of a panel.
const PANEL: (f64, f64) = (300.0, 200.0);
/// Where the first panel begins.
const ORIGIN: (f64, f64) = (84.0, 110.0);
/// From one panel to the next.
const PITCH: (f64, f64) = (360.0, 274.0);
/// Between a panel's edges and its first and last size.
const MARGIN: f64 = 16.0;

const INK: &str = "#222222";
const FAINT: &str = "#e4e4e4";
const GUIDE: &str = "#a8a8a8";

/// What is shown in a row of panels.
struct Quantity {
    title: &'static str,
    of: fn(&Point) -> f64,
    /// What a decade is called, from its power of ten.
    tick: fn(i32) -> String,
    /// How steep linear growth of an execution is here.
    linear: f64,
}

const QUANTITIES: [Quantity; 3] = [
    Quantity {
        title: "time of an execution",
        of: |point| point.nanos,
        tick: |power| in_units(power, &["ns", "µs", "ms", "s"]),
        linear: 1.0,
    },
    Quantity {
        title: "time of a decision",
        of: Point::nanos_a_decision,
        tick: |power| in_units(power, &["ns", "µs", "ms", "s"]),
        linear: 0.0,
    },
    Quantity {
        title: "bytes allocated by an execution",
        of: |point| point.bytes,
        tick: |power| in_units(power, &["B", "kB", "MB", "GB"]),
        linear: 1.0,
    },
];

/// The picture, as SVG.
#[must_use]
pub fn svg(all: &[Series]) -> String {
    let mut picture = Picture::default();
    picture.frame();
    for (row, quantity) in (0_u8..).zip(&QUANTITIES) {
        let (bottom, top) = decades(
            all.iter()
                .flat_map(|series| &series.points)
                .map(|point| (quantity.of)(point)),
        );
        for (column, axis) in (0_u8..).zip(Axis::ALL) {
            let panel = Panel {
                left: ORIGIN.0 + PITCH.0 * f64::from(column),
                upper: ORIGIN.1 + PITCH.1 * f64::from(row),
                axis,
                quantity,
                bottom,
                top: top.max(bottom + 1),
            };
            let series = all.iter().filter(|series| series.axis == axis);
            panel.draw(&mut picture, series);
        }
    }
    picture.0.push_str("</svg>\n");
    picture.0
}

/// The powers of ten between which all values lie.
fn decades(values: impl Iterator<Item = f64>) -> (i32, i32) {
    let powers: Vec<f64> = values.map(f64::log10).filter(|power| power.is_finite()).collect();
    let least = powers.iter().copied().fold(f64::INFINITY, f64::min).floor();
    let most = powers.iter().copied().fold(f64::NEG_INFINITY, f64::max).ceil();
    if powers.is_empty() {
        return (0, 1);
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a float's power of ten has three digits"
    )]
    let (least, most) = (least as i32, most as i32);
    (least, most)
}

/// The units are a thousand apart.
fn in_units(power: i32, units: &[&str]) -> String {
    let unit = usize::try_from(power.div_euclid(3)).unwrap_or(0);
    let number = 10_u32.pow(power.rem_euclid(3).unsigned_abs());
    let unit = units.get(unit).unwrap_or(&"?");
    format!("{number} {unit}")
}

fn colour(way: Way) -> &'static str {
    // From the palette of Masataka Okabe and Kei Ito, "Color universal design" (2008): told apart by everybody.
    match way {
        Way::Walk => "#0072b2",
        Way::WalkPerPoll => "#56b4e9",
        Way::Portfolio => "#d55e00",
        Way::Check => "#009e73",
        Way::Alone => "#cc79a7",
    }
}

/// SVG under way.
#[derive(Debug, Default)]
struct Picture(String);

impl Picture {
    fn add(&mut self, element: std::fmt::Arguments<'_>) {
        writeln!(self.0, "{element}").expect("a string can be written to");
    }

    fn text(&mut self, at: (f64, f64), size: u32, anchor: &str, more: &str, text: &str) {
        let (x, y) = at;
        self.add(format_args!(
            r#"<text x="{x:.1}" y="{y:.1}" font-size="{size}" text-anchor="{anchor}" fill="{INK}"{more}>{text}</text>"#
        ));
    }

    fn line(&mut self, from: (f64, f64), to: (f64, f64), stroke: &str, more: &str) {
        self.add(format_args!(
            r#"<line x1="{:.1}" y1="{:.1}" x2="{:.1}" y2="{:.1}" stroke="{stroke}"{more}/>"#,
            from.0, from.1, to.0, to.1
        ));
    }

    /// The mark of a way, which tells it without its colour too.
    fn mark(&mut self, at: (f64, f64), way: Way, class: &str) {
        let (x, y) = at;
        let path = match way {
            Way::Walk => "m-3.6,0a3.6,3.6 0 1,0 7.2,0a3.6,3.6 0 1,0 -7.2,0z",
            Way::WalkPerPoll => "m-3.2,-3.2h6.4v6.4h-6.4z",
            Way::Portfolio => "m0,-4.4l4.2,7.4h-8.4z",
            Way::Check => "m0,-4.6l4.6,4.6l-4.6,4.6l-4.6,-4.6z",
            Way::Alone => "m0,4.4l4.2,-7.4h-8.4z",
        };
        self.add(format_args!(
            r##"<path class="{class}" d="M{x:.1},{y:.1}{path}" fill="{}" stroke="#ffffff" stroke-width="0.8"/>"##,
            colour(way)
        ));
    }

    /// Everything that is there once.
    fn frame(&mut self) {
        self.add(format_args!(
            r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" font-family="system-ui, 'DejaVu Sans', Helvetica, Arial, sans-serif">"#
        ));
        self.add(format_args!(
            "<title>How executions slow down as what they interleave grows</title>"
        ));
        // The page behind it may be dark.
        self.add(format_args!(
            r##"<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>"##
        ));
        let title = "How executions slow down as what they interleave grows";
        self.text((WIDTH / 2.0, 32.0), 18, "middle", r#" font-weight="600""#, title);
        let mut x = ORIGIN.0;
        for (way, width) in Way::ALL.into_iter().zip([154.0, 226.0, 136.0, 154.0, 160.0]) {
            let (from, to) = ((x, 60.0), (x + 28.0, 60.0));
            self.line(from, to, colour(way), r#" stroke-width="1.8""#);
            self.mark((x + 14.0, 60.0), way, "key");
            self.text((x + 35.0, 64.0), 13, "start", "", way.name());
            x += width;
        }
        self.line((x, 60.0), (x + 28.0, 60.0), GUIDE, r#" stroke-dasharray="5 4""#);
        self.text((x + 35.0, 64.0), 13, "start", "", "linear growth");
    }
}

/// One axis, one quantity.
struct Panel<'q> {
    left: f64,
    upper: f64,
    axis: Axis,
    quantity: &'q Quantity,
    /// The power of ten at the bottom.
    bottom: i32,
    /// And at the top, above it.
    top: i32,
}

impl Panel<'_> {
    fn draw<'s>(&self, picture: &mut Picture, all: impl Iterator<Item = &'s Series>) {
        self.scales(picture);
        self.guides(picture);
        for series in all {
            self.curve(picture, series);
        }
    }

    /// Where a size is between the first and the last, in decades. Zero has no logarithm: it is a decade before one.
    fn decades(size: u32) -> f64 {
        if size == 0 { -1.0 } else { f64::from(size).log10() }
    }

    fn span(&self) -> (f64, f64) {
        let sizes = self.axis.sizes();
        (Self::decades(sizes[0]), Self::decades(sizes[sizes.len() - 1]))
    }

    fn a_decade_across(&self) -> f64 {
        let (first, last) = self.span();
        (PANEL.0 - 2.0 * MARGIN) / (last - first)
    }

    fn x(&self, size: u32) -> f64 {
        self.left + MARGIN + (Self::decades(size) - self.span().0) * self.a_decade_across()
    }

    fn y(&self, power: f64) -> f64 {
        let share = (power - f64::from(self.bottom)) / f64::from(self.top - self.bottom);
        self.upper + PANEL.1 * (1.0 - share)
    }

    fn scales(&self, picture: &mut Picture) {
        let (right, low) = (self.left + PANEL.0, self.upper + PANEL.1);
        for power in self.bottom..=self.top {
            let y = self.y(f64::from(power));
            picture.line((self.left, y), (right, y), FAINT, "");
            let name = (self.quantity.tick)(power);
            picture.text((self.left - 7.0, y + 4.0), 11, "end", "", &name);
        }
        for &size in self.axis.sizes() {
            let x = self.x(size);
            picture.line((x, self.upper), (x, low), FAINT, "");
            picture.line((x, low), (x, low + 4.0), INK, "");
            let name = match size {
                1_000.. => format!("{},{:03}", size / 1_000, size % 1_000),
                _ => size.to_string(),
            };
            picture.text((x, low + 17.0), 11, "middle", "", &name);
        }
        picture.line((self.left, low), (right, low), INK, "");
        picture.line((self.left, self.upper), (self.left, low), INK, "");
        let middle = self.left + PANEL.0 / 2.0;
        picture.text((middle, low + 34.0), 12, "middle", "", self.axis.label());
        let title = self.quantity.title;
        picture.text(
            (self.left, self.upper - 8.0),
            13,
            "start",
            r#" font-weight="600""#,
            title,
        );
    }

    /// What linear growth looks like, wherever a curve is: from each decade at the left edge, and from below it.
    fn guides(&self, picture: &mut Picture) {
        let (bottom, top) = (f64::from(self.bottom), f64::from(self.top));
        let (first, last) = self.span();
        let rise = self.quantity.linear * (last - first);
        let (from, to) = (self.left + MARGIN, self.left + PANEL.0 - MARGIN);
        let more = r#" stroke-dasharray="5 4""#;
        // No axis spans more than nine decades.
        for start in (self.bottom - 9..self.top).map(f64::from) {
            if rise == 0.0 && start > bottom {
                picture.line((from, self.y(start)), (to, self.y(start)), GUIDE, more);
            } else if rise > 0.0 {
                // From where it comes into the panel to where it leaves it.
                let enters = ((bottom - start) / rise).max(0.0);
                let leaves = ((top - start) / rise).min(1.0);
                if leaves > enters {
                    let at = |share: f64| (from + share * (to - from), self.y(start + share * rise));
                    picture.line(at(enters), at(leaves), GUIDE, more);
                }
            }
        }
    }

    fn curve(&self, picture: &mut Picture, series: &Series) {
        let places: Vec<_> = series
            .points
            .iter()
            .map(|point| (self.x(point.size), self.y((self.quantity.of)(point).log10())))
            .collect();
        // From none to one is no distance on this scale.
        let joined = usize::from(series.points.first().is_some_and(|point| point.size == 0));
        let path: Vec<_> = places[joined..]
            .iter()
            .map(|(x, y)| format!("{x:.1},{y:.1}"))
            .collect();
        picture.add(format_args!(
            r#"<polyline points="{}" fill="none" stroke="{}" stroke-width="1.8"/>"#,
            path.join(" "),
            colour(series.way)
        ));
        for place in places {
            picture.mark(place, series.way, "point");
        }
    }
}
