//! Prints how soon each shape is found, as a table: `found` (the default) by the portfolio alone, `checks` by whole
//! checks, `strategies` by each strategy alone beside the portfolio; a number says how many seeds, and `--csv` prints it as CSV. `growth` prints how executions slow down as what
//! they interleave grows, and draws it; a number says for how many milliseconds each point is measured at a time.
//! `numbers` prints what the search costs by itself.

use std::path::Path;
use std::process::ExitCode;
use std::time::Duration;

use lexopt::{Arg, Parser, ValueExt as _};
use search::growth::growth;
use search::heap::Counting;
use search::numbers::numbers;
use search::strategies::strategies;
use search::table::Table;
use search::{growth_report, plot, report};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// For how long each point is measured at a time, in milliseconds, where nothing is said.
const SLICE: u64 = 50;

/// How many executions a strategy by itself has.
const MOST: u64 = 20_000;

const USAGE: &str =
    "usage: search [found [SEEDS]|checks [SEEDS]|strategies [SEEDS]|growth [MILLISECONDS]|numbers] [--csv]";

/// What the command line says.
#[derive(Debug, Default)]
struct Options {
    what: Option<String>,
    number: Option<u64>,
    csv: bool,
}

impl Options {
    fn of(mut words: Parser) -> Result<Self, lexopt::Error> {
        let mut options = Self::default();
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("csv") => options.csv = true,
                Arg::Value(what) if options.what.is_none() => options.what = Some(what.string()?),
                Arg::Value(number) if options.number.is_none() => options.number = Some(number.parse()?),
                word => return Err(word.unexpected()),
            }
        }
        Ok(options)
    }
}

fn main() -> ExitCode {
    let options = match Options::of(Parser::from_env()) {
        Ok(options) => options,
        Err(error) => {
            eprintln!("{error}\n{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    let number = options.number;
    let tables = match options.what.as_deref().unwrap_or("found") {
        "found" => vec![report::found(number.unwrap_or(31))],
        "strategies" => vec![strategies(number.unwrap_or(31), MOST)],
        "checks" => vec![report::checks(number.unwrap_or(31))],
        "growth" => grown(number.unwrap_or(SLICE)),
        "numbers" if number.is_none() => vec![numbers()],
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::FAILURE;
        }
    };
    if options.csv {
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
