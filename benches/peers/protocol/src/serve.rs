use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use crate::{Driver, Entry, Record, Request, Until};

/// The whole of a driver's program: reads the request, does what it says by the driver of that way, and tells the
/// records on standard output.
///
/// Panics are silent, for several drivers learn by them that there is a leak.
pub fn serve(entries: &[Entry], make: impl FnOnce(&str) -> Option<Box<dyn Driver>>) -> ExitCode {
    let argument = std::env::args().nth(1).unwrap_or_default();
    let request: Request = match serde_json::from_str(&argument) {
        Ok(request) => request,
        Err(error) => return refuse(&format!("the argument is no request: {error}")),
    };
    let unknown = request
        .shapes
        .iter()
        .find(|shape| entries.iter().all(|entry| entry.name != **shape));
    if let Some(shape) = unknown {
        return refuse(&format!("there is no shape {shape:?}"));
    }
    let Some(mut driver) = make(&request.way) else {
        return refuse(&format!("there is no way {:?}", request.way));
    };
    std::panic::set_hook(Box::new(|_| {}));
    match answer(&mut *driver, entries, &request, &mut io::stdout().lock()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => refuse(&format!("nobody reads the records: {error}")),
    }
}

fn refuse(why: &str) -> ExitCode {
    eprintln!("{why}");
    ExitCode::FAILURE
}

fn answer(
    driver: &mut dyn Driver,
    entries: &[Entry],
    request: &Request,
    to: &mut impl Write,
) -> io::Result<()> {
    let mut tell = |record: &Record| -> io::Result<()> {
        serde_json::to_writer(&mut *to, record)?;
        writeln!(to)?;
        to.flush()
    };
    for (index, &Entry { name, is_sound }) in entries.iter().enumerate() {
        if !request.shapes.is_empty() && !request.shapes.iter().any(|shape| shape == name) {
            continue;
        }
        let shape = name.to_owned();
        if let Some(why) = driver.unfit(index) {
            let why = why.to_owned();
            tell(&Record::Unfit { shape, why })?;
            continue;
        }
        if let Some(pace) = pace(driver, index, &shape, request) {
            tell(&pace)?;
        }
        if is_sound && request.shapes.is_empty() {
            continue;
        }
        let mut found_any = false;
        for seed in 0..request.seeds {
            let record = search(driver, index, &shape, seed, request);
            found_any |= matches!(record, Record::Search { found: true, .. });
            tell(&record)?;
            if !found_any && seed + 1 >= request.patience {
                break;
            }
        }
    }
    tell(&Record::Done)
}

fn pace(driver: &mut dyn Driver, index: usize, shape: &str, request: &Request) -> Option<Record> {
    let until = |millis| Until {
        time: Duration::from_millis(millis),
        executions: u64::MAX,
        leak: false,
    };
    // Threads are started and memory is fetched before the clock is.
    driver.execute(index, 0, until(request.pace_millis / 10));
    let tally = driver.execute(index, 0, until(request.pace_millis));
    (tally.executions > 0).then(|| Record::Pace {
        shape: shape.to_owned(),
        executions: tally.executions,
        nanos: nanos(tally.time),
        decisions: tally.decisions,
    })
}

fn search(driver: &mut dyn Driver, index: usize, shape: &str, seed: u64, request: &Request) -> Record {
    let until = Until {
        time: Duration::from_millis(request.search_millis),
        executions: request.executions,
        leak: true,
    };
    let tally = driver.execute(index, seed, until);
    Record::Search {
        shape: shape.to_owned(),
        seed,
        found: tally.leaked,
        executions: tally.executions,
        nanos: nanos(tally.time),
    }
}

fn nanos(time: Duration) -> u64 {
    u64::try_from(time.as_nanos()).unwrap_or(u64::MAX)
}
