//! Time and memory of an audit against a plain parse by syn of the same files, in turns; what could not be resolved; what looks like
//! competing implementations; how a baseline follows two states of a workspace.

mod churn;
mod cost;

use std::env;
use std::path::Path;
use std::process::ExitCode;

const USAGE: &str = "\
usage: audit-bench cost PATH [ROUNDS]         time and memory beside a plain parse by syn, in turns
       audit-bench read PATH                  what is resolved, and what is not
       audit-bench discover PATH [SCORE]      what looks like competing implementations
       audit-bench churn ITEMS PATH PATH..    how a baseline of all uses of items, between commas, follows states of one workspace";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match &*arguments {
        ["cost", path] => cost::compare(path, 5),
        ["cost", path, rounds] => cost::compare(path, rounds.parse().expect("ROUNDS is a number")),
        ["once", "audit", path, list] => cost::audit_once(path, list),
        ["once", "syn", path, list] => cost::syn_once(path, list),
        ["read", path] => {
            let report = cost::audited(path);
            for unread in &report.statistics.unread {
                println!("{unread}");
            }
            print!("{}", report.summary());
        }
        ["discover", path] => discover(path, 4),
        ["discover", path, score] => discover(path, score.parse().expect("SCORE is a number")),
        ["churn", items, paths @ ..] if paths.len() > 1 => churn::follow(items, paths),
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}

fn discover(path: &str, score: i32) {
    let found = ssot_audit::discover(Path::new(path), score * 10, false).expect("there is a workspace");
    print!("{}", found.text());
}
