//! Prints how soon each shape is found, as a table: `found` (the default) by the portfolio alone, `checks` by whole
//! checks; a number says how many seeds, and `--csv` prints it as CSV.

use std::process::ExitCode;

use search::report;

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
    let table = match (words.first().map_or("found", String::as_str), number) {
        ("found", None) => report::found(31),
        ("found", Some(Ok(seeds))) => report::found(seeds),
        ("checks", None) => report::checks(31),
        ("checks", Some(Ok(seeds))) => report::checks(seeds),
        _ => {
            eprintln!("usage: search [found|checks [SEEDS]] [--csv]");
            return ExitCode::FAILURE;
        }
    };
    if csv {
        print!("{}", table.csv());
    } else {
        print!("{table}");
    }
    ExitCode::SUCCESS
}
