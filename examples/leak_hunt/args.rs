//! What the command line says.

use crate::hunts::{HUNTS, Tuning};
use crate::promises;

pub(crate) const HELP: &str = "\
hunts for the fault of every legacy engine and system, and clears the reference by the same checks

usage: cargo run --release --example leak_hunt -- [OPTIONS]

options:
  --seed N         what the random parts of the search are drawn from (0)
  --executions N   how many executions to spend on a check at the most (3000)
  --only SLUG      hunt for this fault alone, as the table names it
  --help           print this

exit status: 0 if every fault was found as what it is and the reference was cleared, 1 if not, 2 for a wrong argument";

#[derive(Debug)]
pub(crate) enum Command {
    Help,
    Hunt { tuning: Tuning, only: Option<String> },
}

/// Reads the arguments that follow the program's name.
///
/// # Errors
///
/// Says which argument is wrong and what would be right.
pub(crate) fn parse(mut args: impl Iterator<Item = String>) -> Result<Command, String> {
    let mut tuning = Tuning {
        seed: 0,
        executions: 3_000,
    };
    let mut only = None;
    while let Some(arg) = args.next() {
        match arg.as_str() {
            "--help" | "-h" => return Ok(Command::Help),
            "--seed" => tuning.seed = number(&arg, args.next())?,
            "--executions" => tuning.executions = at_least_one(&arg, number(&arg, args.next())?)?,
            "--only" => only = Some(slug(args.next())?),
            _ => return Err(format!("there is no argument `{arg}`; see --help")),
        }
    }
    Ok(Command::Hunt { tuning, only })
}

fn number(name: &str, value: Option<String>) -> Result<u64, String> {
    let value = value.ok_or_else(|| format!("`{name}` needs a number after it"))?;
    value
        .parse()
        .map_err(|error| format!("`{name} {value}` is not a whole number: {error}"))
}

fn at_least_one(name: &str, number: u64) -> Result<u64, String> {
    if number == 0 {
        Err(format!("`{name} 0` would look at nothing; give at least 1"))
    } else {
        Ok(number)
    }
}

fn slug(value: Option<String>) -> Result<String, String> {
    let value = value.ok_or("`--only` needs the name of a fault after it")?;
    let known: Vec<_> = HUNTS
        .iter()
        .map(|hunt| hunt.legacy.slug())
        .chain(promises::slugs())
        .collect();
    if known.contains(&&*value) {
        return Ok(value);
    }
    Err(format!(
        "there is no fault `{value}`; there are {}",
        known.join(", ")
    ))
}
