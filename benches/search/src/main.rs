//! Prints what the search comes to, as a table: `found` (the default) or `replays`, with a number that says how many
//! seeds or replays; `--csv` prints it as CSV.

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
            eprintln!("usage: search [found [SEEDS]] [--csv]");
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
