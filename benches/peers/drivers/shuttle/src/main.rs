//! shuttle, by way of shuttle-tokio: every operation on a lock, a channel, a task or an atomic is a point at which a
//! scheduler decides who goes on.

#[path = "../../shared/cast.rs"]
mod cast;
mod exploration;
mod rt;
mod scheduler;
#[path = "../../../../shapes/mod.rs"]
mod shapes;
#[path = "../../shared/sound.rs"]
mod sound;

use std::process::ExitCode;

use protocol::{Driver, serve};

fn main() -> ExitCode {
    serve(&cast::entries(), |way| -> Option<Box<dyn Driver>> {
        let (scheduler, awaits) = match way.strip_suffix(", plain") {
            Some(scheduler) => (scheduler, rt::Awaits::Plain),
            None => (way, rt::Awaits::Yield),
        };
        let kind = scheduler::Kind::of(scheduler)?;
        rt::set_awaits(awaits);
        Some(Box::new(exploration::Exploration::new(kind, awaits)))
    })
}
