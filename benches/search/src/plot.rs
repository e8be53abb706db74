//! How executions slow down, as a picture: a panel for each axis and quantity, all scales logarithmic.

use plotters::coord::Shift;
use plotters::prelude::*;

use crate::growth::{Axis, Point, Series, Way};

type Area<'a> = DrawingArea<SVGBackend<'a>, Shift>;

const SIZE: (u32, u32) = (1_140, 940);
const TITLE: &str = "How executions slow down as what they interleave grows";
/// How high the legend is.
const LEGEND: u32 = 36;
const FONT: &str = "sans-serif";
/// Plotters makes letters smaller than their size says, by this.
const EM: f64 = 1.24;
const GUIDE: RGBColor = RGBColor(168, 168, 168);
const GRID: RGBColor = RGBColor(228, 228, 228);
/// Zero has no logarithm: it is shown a decade before one.
const ZERO: f64 = 0.1;

/// What is shown in a row of panels.
struct Quantity {
    title: &'static str,
    of: fn(&Point) -> f64,
    /// What a value on the scale is called.
    label: fn(f64) -> String,
    /// How steep linear growth of an execution is here.
    linear: i32,
}

const QUANTITIES: [Quantity; 3] = [
    Quantity {
        title: "time of an execution",
        of: |point| point.nanos,
        label: |nanos| in_units(nanos, &["ns", "µs", "ms", "s"]),
        linear: 1,
    },
    Quantity {
        title: "time of a decision",
        of: Point::nanos_a_decision,
        label: |nanos| in_units(nanos, &["ns", "µs", "ms", "s"]),
        linear: 0,
    },
    Quantity {
        title: "bytes allocated by an execution",
        of: |point| point.bytes,
        label: |bytes| in_units(bytes, &["B", "kB", "MB", "GB"]),
        linear: 1,
    },
];

/// The picture, as SVG.
#[must_use]
#[expect(clippy::missing_panics_doc, reason = "it never does")]
pub fn svg(all: &[Series]) -> String {
    let mut picture = String::new();
    draw(
        &SVGBackend::with_string(&mut picture, SIZE).into_drawing_area(),
        all,
    )
    .expect("a text takes whatever is drawn");
    picture
}

type Drawn = Result<(), Box<dyn std::error::Error>>;

fn draw(page: &Area<'_>, all: &[Series]) -> Drawn {
    // The page behind it may be dark.
    page.fill(&WHITE)?;
    let page = page.titled(TITLE, (FONT, 20.0 * EM))?;
    let (legend, page) = page.split_vertically(LEGEND);
    draw_legend(&legend)?;
    let rows = page.split_evenly((QUANTITIES.len(), 1));
    for (row, quantity) in rows.iter().zip(&QUANTITIES) {
        let values = all.iter().flat_map(|series| &series.points).map(quantity.of);
        let (bottom, top) = decades(values);
        let panels = row.split_evenly((1, Axis::ALL.len()));
        for (panel, axis) in panels.iter().zip(Axis::ALL) {
            let series = all.iter().filter(|series| series.axis == axis);
            draw_panel(panel, axis, quantity, (bottom, top), series)?;
        }
    }
    page.present()?;
    Ok(())
}

fn draw_legend(legend: &Area<'_>) -> Drawn {
    let lines = Way::ALL
        .iter()
        .map(|way| (colour(*way), way.name()))
        .chain([(GUIDE, "linear growth")]);
    for (place, (colour, name)) in legend.split_evenly((1, Way::ALL.len() + 1)).iter().zip(lines) {
        let middle = 16;
        place.draw(&PathElement::new(
            [(16, middle), (44, middle)],
            colour.stroke_width(2),
        ))?;
        if colour != GUIDE {
            place.draw(&Circle::new((30, middle), 4, colour.filled()))?;
        }
        place.draw(&Text::new(name, (52, middle - 6), (FONT, 13.0 * EM)))?;
    }
    Ok(())
}

fn draw_panel<'s>(
    panel: &Area<'_>,
    axis: Axis,
    quantity: &Quantity,
    (bottom, top): (f64, f64),
    all: impl Iterator<Item = &'s Series>,
) -> Drawn {
    let sizes: Vec<f64> = axis.sizes().iter().map(|size| across(*size)).collect();
    let (first, last) = (sizes[0], sizes[sizes.len() - 1]);
    let mut chart = ChartBuilder::on(panel)
        .caption(quantity.title, (FONT, 14.0 * EM))
        .margin_right(14)
        .margin_bottom(6)
        .x_label_area_size(42)
        .y_label_area_size(62)
        .build_cartesian_2d(
            (first * 0.8..last * 1.25).log_scale().with_key_points(sizes),
            (bottom..top).log_scale(),
        )?;
    chart
        .configure_mesh()
        .light_line_style(TRANSPARENT)
        .bold_line_style(GRID)
        .x_label_formatter(&|size| name_of(*size))
        .y_label_formatter(&|value| (quantity.label)(*value))
        .x_desc(axis.label())
        .axis_desc_style((FONT, 12.0 * EM))
        .label_style((FONT, 11.5 * EM))
        .draw()?;
    // What linear growth looks like, wherever a curve is: from each decade at the left edge, and from below it.
    let rise = (last / first).powi(quantity.linear);
    let starts = std::iter::successors(Some(bottom / rise), |start| Some(start * 10.0));
    for start in starts.take_while(|start| *start < top) {
        // From where it comes into the panel to where it leaves it.
        let at = |share: f64| (first * (last / first).powf(share), start * rise.powf(share));
        let share = |value: f64| ((value / start).log10() / rise.log10()).clamp(0.0, 1.0);
        let (enters, leaves) = if quantity.linear == 0 {
            (0.0, 1.0)
        } else {
            (share(bottom), share(top))
        };
        if enters < leaves {
            let guide = DashedLineSeries::new([at(enters), at(leaves)], 5, 4, GUIDE.stroke_width(1));
            chart.draw_series(guide)?;
        }
    }
    for series in all {
        let places: Vec<_> = series
            .points
            .iter()
            .map(|point| (across(point.size), (quantity.of)(point)))
            .collect();
        let colour = colour(series.way);
        // From none to one is no distance on this scale.
        let joined = places.iter().copied().filter(|(size, _)| *size > ZERO);
        chart.draw_series(LineSeries::new(joined, colour.stroke_width(2)))?;
        chart.draw_series(places.iter().map(|place| Circle::new(*place, 4, colour.filled())))?;
    }
    Ok(())
}

/// Where a size is on its axis.
fn across(size: u32) -> f64 {
    if size == 0 { ZERO } else { f64::from(size) }
}

fn name_of(size: f64) -> String {
    match size {
        ..1.0 => "0".to_owned(),
        ..1_000.0 => format!("{size:.0}"),
        _ => format!("{:.0},{:03.0}", (size / 1_000.0).floor(), size % 1_000.0),
    }
}

/// The powers of ten between which all values lie.
fn decades(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (least, most) = values
        .filter(|value| *value > 0.0)
        .fold((f64::INFINITY, 0.0_f64), |(least, most), value| {
            (least.min(value), most.max(value))
        });
    if most == 0.0 {
        return (1.0, 10.0);
    }
    let bottom = 10_f64.powf(least.log10().floor());
    (bottom, 10_f64.powf(most.log10().ceil()).max(10.0 * bottom))
}

/// The units are a thousand apart.
fn in_units(value: f64, units: &[&str]) -> String {
    let sizes = units.iter().zip([1.0, 1e3, 1e6, 1e9]);
    let (unit, size) = sizes
        .rev()
        .find(|(_, size)| *size <= value * 1.001)
        .unwrap_or((&units[0], 1.0));
    format!("{:.0} {unit}", value / size)
}

fn colour(way: Way) -> RGBColor {
    // From the palette of Masataka Okabe and Kei Ito, "Color universal design" (2008): told apart by everybody.
    match way {
        Way::Walk => RGBColor(0x00, 0x72, 0xb2),
        Way::WalkPerPoll => RGBColor(0x56, 0xb4, 0xe9),
        Way::Portfolio => RGBColor(0xd5, 0x5e, 0x00),
        Way::Check => RGBColor(0x00, 0x9e, 0x73),
        Way::Alone => RGBColor(0xcc, 0x79, 0xa7),
    }
}
