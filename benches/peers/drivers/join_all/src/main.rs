//! What `#[tokio::test]` makes of users: all joined on one current-thread runtime, whose clock stands still.

#[path = "../../shared/cast.rs"]
mod cast;
mod joining;
mod rt;
#[path = "../../../../shapes/mod.rs"]
mod shapes;
#[path = "../../shared/sound.rs"]
mod sound;

use std::process::ExitCode;

use protocol::{Driver, serve};

fn main() -> ExitCode {
    serve(&cast::entries(), |way| -> Option<Box<dyn Driver>> {
        Some(match way {
            "join_all" => Box::new(joining::Joining::new(joining::Keep::Runtime)),
            "join_all, fresh runtime" => Box::new(joining::Joining::new(joining::Keep::Nothing)),
            _ => return None,
        })
    })
}
