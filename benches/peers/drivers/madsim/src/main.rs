//! madsim: tasks in an order that is drawn at random from a seed, and time that is simulated.
//!
//! It is a simulator only where everything is compiled with `--cfg madsim`, which the runner sees to.

#[cfg(madsim)]
#[path = "../../shared/cast.rs"]
mod cast;
#[cfg(madsim)]
mod rt;
#[cfg(madsim)]
#[path = "../../../../shapes/mod.rs"]
mod shapes;
#[cfg(madsim)]
mod simulation;
#[cfg(madsim)]
#[path = "../../shared/sound.rs"]
mod sound;

use std::process::ExitCode;

#[cfg(madsim)]
fn main() -> ExitCode {
    protocol::serve(&cast::entries(), |way| -> Option<Box<dyn protocol::Driver>> {
        let simulation = simulation::Simulation::default();
        (way == "madsim").then(|| Box::new(simulation) as Box<_>)
    })
}

#[cfg(not(madsim))]
fn main() -> ExitCode {
    eprintln!("compile it with RUSTFLAGS=\"--cfg madsim\", as the runner does");
    ExitCode::FAILURE
}
