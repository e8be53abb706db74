//! Prints how soon each shape is found, as a table: `found` (the default) by the portfolio alone, `checks` by whole
//! checks; a number says how many seeds, and `--csv` prints it as CSV. `growth` prints how executions slow down as what
//! they interleave grows, and draws it; a number says for how many milliseconds each point is measured at a time.
//! `numbers` prints what the search costs by itself.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use search::growth::growth;
use search::heap::Counting;
use search::numbers::numbers;
use search::table::Table;
use search::{growth_report, plot, report};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// For how long each point is measured at a time, in milliseconds, where nothing is said.
const SLICE: u64 = 50;

fn main() -> ExitCode {
    let mut csv = false;
    let mut words = Vec::new();
    for word in std::env::args().skip(1) {
        if word == "--csv" {
            csv = true;
        } else {
            words.push(word);
        }
    }
    let number = words.get(1).map(|word| word.parse::<u64>());
    let tables = match (words.first().map_or("found", String::as_str), number) {
        ("found", None) => vec![report::found(31)],
        ("found", Some(Ok(seeds))) => vec![report::found(seeds)],
        ("checks", None) => vec![report::checks(31)],
        ("checks", Some(Ok(seeds))) => vec![report::checks(seeds)],
        ("growth", None) => grown(SLICE),
        ("growth", Some(Ok(millis))) => grown(millis),
        ("numbers", None) => vec![numbers()],
        _ => {
            eprintln!("usage: search [found [SEEDS]|checks [SEEDS]|growth [MILLISECONDS]|numbers] [--csv]");
            return ExitCode::FAILURE;
        }
    };
    if csv {
        print!("{}", tables[0].csv());
    } else {
        let texts: Vec<_> = tables.iter().map(Table::to_string).collect();
        print!("{}", texts.join("\n"));
    }
    ExitCode::SUCCESS
}

/// The points, which are the CSV, and the exponents; draws the points.
fn grown(millis: u64) -> Vec<Table> {
    let all = growth(Duration::from_millis(millis));
    let picture = Path::new(env!("CARGO_MANIFEST_DIR")).join("../growth.svg");
    std::fs::write(&picture, plot::svg(&all)).expect("benches/growth.svg can be written");
    vec![growth_report::points(&all), growth_report::exponents(&all)]
}
