//! This crate, on the shapes: its interleaver with one strategy or another, and whole checks.

mod bare;
#[path = "../../shared/cast.rs"]
mod cast;
mod check;
mod play;
mod rt;
mod search;
#[path = "../../../../shapes/mod.rs"]
mod shapes;
mod single;
#[path = "../../shared/sound.rs"]
mod sound;
mod strategies;

use std::process::ExitCode;

use protocol::{Driver, serve};

use crate::single::Knowledge;

fn main() -> ExitCode {
    serve(&cast::entries(), |way| -> Option<Box<dyn Driver>> {
        Some(match way {
            "check" => Box::new(check::Checks::default()),
            "fresh runtime" => Box::new(bare::Bare::new(bare::Runtime::Fresh)),
            "reused runtime" => Box::new(bare::Bare::new(bare::Runtime::Reused)),
            _ => match way.strip_suffix(", told") {
                Some(way) => Box::new(search::Search::new(strategies::Way::of(way)?, Knowledge::Needs)),
                None => Box::new(search::Search::new(strategies::Way::of(way)?, Knowledge::Nothing)),
            },
        })
    })
}
