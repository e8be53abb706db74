//! What kind of machine this is. Nothing is assumed of it and nothing pinned.

use std::process::Command;
use std::thread::available_parallelism;

/// Cores, processor, operating system and compiler, in a line.
#[must_use]
pub fn machine() -> String {
    let cores =
        available_parallelism().map_or_else(|_| "? cores".to_owned(), |cores| format!("{cores} cores"));
    let processor = processor().unwrap_or_else(|| "unknown processor".to_owned());
    let (system, architecture) = (std::env::consts::OS, std::env::consts::ARCH);
    let rustc = rustc().unwrap_or_else(|| "unknown rustc".to_owned());
    format!("{cores}, {processor}, {system} {architecture}, {rustc}")
}

/// Where the system says so: Linux in a file, macOS by a command.
fn processor() -> Option<String> {
    if let Ok(text) = std::fs::read_to_string("/proc/cpuinfo") {
        let line = text.lines().find(|line| line.starts_with("model name"))?;
        return line.split_once(':').map(|(_, model)| model.trim().to_owned());
    }
    said(Command::new("sysctl").args(["-n", "machdep.cpu.brand_string"]))
}

/// The compiler that the drivers are built with.
fn rustc() -> Option<String> {
    let rustc = std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let version = said(Command::new(rustc).arg("--version"))?;
    version.split(" (").next().map(str::to_owned)
}

fn said(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout)
        .ok()
        .map(|text| text.trim().to_owned())
}
