//! What the command line says.

use std::path::PathBuf;

use lexopt::{Arg, Parser, ValueExt as _};

use crate::limits::Limits;
use crate::peers::PEERS;

/// How the program is called.
pub const USAGE: &str =
    "usage: peers [--quick] [--seeds N] [--peers NAME;…] [--shapes NAME;…] [--csv] [--out FOLDER]

  --quick    3 seeds of 0.2 s each: does everything work? Nothing is written unless --out says where
  --seeds    how many seeds each shape is searched with (31)
  --peers    only these, by what they are called in the tables or by the package of their driver, separated by
             semicolons, for there are commas in their names (all)
  --shapes   only these, by name, separated likewise (all)
  --csv      prints the results as CSV instead of tables
  --out      writes CSV and tables there (benches/peers/results)";

/// What is to be done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// How long everything may take.
    pub limits: Limits,
    /// Who takes part; everybody where there is none.
    pub peers: Vec<String>,
    /// In what; in all shapes where there is none.
    pub shapes: Vec<String>,
    /// Whether to print CSV.
    pub csv: bool,
    /// Where to write the results, where anywhere.
    pub out: Option<PathBuf>,
}

impl Options {
    /// Reads the words after the program's name.
    ///
    /// # Errors
    ///
    /// What is wrong with them.
    pub fn parse(words: impl IntoIterator<Item = String>, results: PathBuf) -> Result<Self, String> {
        Self::read(Parser::from_args(words), results).map_err(|error| error.to_string())
    }

    fn read(mut words: Parser, results: PathBuf) -> Result<Self, lexopt::Error> {
        let mut options = Self {
            limits: Limits::FULL,
            peers: Vec::new(),
            shapes: Vec::new(),
            csv: false,
            out: None,
        };
        let mut seeds = None;
        while let Some(word) = words.next()? {
            match word {
                Arg::Long("quick") => options.limits = Limits::QUICK,
                Arg::Long("csv") => options.csv = true,
                Arg::Long("seeds") => seeds = Some(words.value()?.parse()?),
                Arg::Long("peers") => options.peers = peers(&words.value()?.string()?)?,
                Arg::Long("shapes") => options.shapes = list(&words.value()?.string()?),
                Arg::Long("out") => options.out = Some(words.value()?.into()),
                word => return Err(word.unexpected()),
            }
        }
        if let Some(seeds) = seeds {
            options.limits.seeds = seeds;
        }
        let is_whole = options.peers.is_empty() && options.shapes.is_empty();
        if options.out.is_none() && options.limits == Limits::FULL && is_whole {
            options.out = Some(results);
        }
        Ok(options)
    }
}

fn peers(value: &str) -> Result<Vec<String>, String> {
    let names = list(value);
    let is_known = |name: &String| {
        PEERS
            .iter()
            .any(|peer| *name == peer.name || *name == peer.driver)
    };
    match names.iter().find(|name| !is_known(name)) {
        Some(name) => Err(format!("there is no peer {name:?}")),
        None => Ok(names),
    }
}

fn list(value: &str) -> Vec<String> {
    value.split(';').map(|name| name.trim().to_owned()).collect()
}
