//! Builds drivers and runs them.

use std::ffi::OsString;
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use protocol::{Record, Request};

/// A driver's program could not be built, or did not do what was asked of it.
#[derive(Debug)]
pub struct DriverError {
    driver: String,
    what: String,
}

impl DriverError {
    fn new(driver: &str, what: impl Into<String>) -> Self {
        Self {
            driver: driver.to_owned(),
            what: what.into(),
        }
    }
}

impl fmt::Display for DriverError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.driver, self.what)
    }
}

impl std::error::Error for DriverError {}

/// Builds the driver of a package, and gives the path of its program.
///
/// Each is built by itself, for its features are not those of the others, and the flag of madsim would make simulations
/// of the others' dependencies.
///
/// # Errors
///
/// What cargo said, where it could not be built.
pub fn build(package: &str) -> Result<PathBuf, DriverError> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let mut command = Command::new(cargo);
    command
        .args(["build", "--release", "--package", package])
        .args(["--message-format", "json-render-diagnostics", "--manifest-path"])
        .arg(manifest);
    if package == "driver-madsim" {
        let target = Path::new(env!("CARGO_MANIFEST_DIR")).join("target/madsim");
        command
            .env("RUSTFLAGS", with_madsim(std::env::var_os("RUSTFLAGS")))
            .arg("--target-dir")
            .arg(target);
    }
    let output = run(package, &mut command)?;
    let messages = String::from_utf8_lossy(&output.stdout);
    let program = messages
        .lines()
        .filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok())
        .filter_map(|message| message["executable"].as_str().map(PathBuf::from))
        .next_back();
    program.ok_or_else(|| DriverError::new(package, "cargo built no program"))
}

fn with_madsim(flags: Option<OsString>) -> OsString {
    let mut flags = flags.unwrap_or_default();
    flags.push(" --cfg madsim");
    flags
}

/// Asks a driver's program, and waits for all that it tells.
///
/// # Errors
///
/// What it said, where it did not come to its end.
pub fn ask(package: &str, program: &Path, request: &Request) -> Result<Vec<Record>, DriverError> {
    let argument =
        serde_json::to_string(request).map_err(|error| DriverError::new(package, error.to_string()))?;
    let output = run(package, Command::new(program).arg(argument))?;
    let records: Result<Vec<Record>, _> = String::from_utf8_lossy(&output.stdout)
        .lines()
        .map(serde_json::from_str)
        .collect();
    let records =
        records.map_err(|error| DriverError::new(package, format!("a line is no record: {error}")))?;
    match records.last() {
        Some(Record::Done) => Ok(records),
        last => Err(DriverError::new(package, format!("it ended after {last:?}"))),
    }
}

fn run(package: &str, command: &mut Command) -> Result<Output, DriverError> {
    let output = command
        .output()
        .map_err(|error| DriverError::new(package, format!("cannot be started: {error}")))?;
    if output.status.success() {
        Ok(output)
    } else {
        let said = String::from_utf8_lossy(&output.stderr);
        Err(DriverError::new(package, format!("{}\n{said}", output.status)))
    }
}
