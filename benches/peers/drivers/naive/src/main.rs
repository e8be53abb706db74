//! What people do today: users spawned on a multi-thread runtime, again and again.

#[path = "../../shared/cast.rs"]
mod cast;
mod rt;
#[path = "../../../../shapes/mod.rs"]
mod shapes;
#[path = "../../shared/sound.rs"]
mod sound;
mod spawning;

use std::process::ExitCode;

use protocol::{Driver, serve};

fn main() -> ExitCode {
    serve(&cast::entries(), |way| -> Option<Box<dyn Driver>> {
        Some(match way {
            "spawn" => Box::new(spawning::Spawning::new(spawning::Keep::Runtime)),
            "spawn, fresh runtime" => Box::new(spawning::Spawning::new(spawning::Keep::Nothing)),
            _ => return None,
        })
    })
}
