use std::env;
use std::io::{self, BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use std::thread;

use crate::error::{Error, ErrorKind};
use crate::interrupt;
use crate::progress::Phase;

/// How many of a failing tool's lines are shown.
const LINES: usize = 40;

/// What came of another program.
#[derive(Debug)]
pub(crate) struct Said {
    pub(crate) success: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

impl Said {
    /// The last of what it said on standard error, without what is on its way there.
    pub(crate) fn end(&self) -> String {
        let lines: Vec<&str> = self.stderr.lines().collect();
        lines[lines.len().saturating_sub(LINES)..].join("\n")
    }
}

/// The cargo that called us, or the first in `PATH`; speaks without colours.
pub(crate) fn cargo() -> Command {
    let mut cargo = Command::new(env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    cargo
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never");
    cargo
}

/// Runs cargo as [`watch`] does.
///
/// # Errors
///
/// Where it cannot be started.
pub(crate) fn watch_cargo(cargo: &mut Command, phase: &Phase) -> Result<Said, Error> {
    watch(cargo, phase).map_err(|error| {
        let what = "cargo cannot be started";
        Error::new(ErrorKind::Cargo, what, "see that it is in PATH").because(error)
    })
}

/// Runs a program to its end; what it says on standard error is shown as the phase's detail.
///
/// # Errors
///
/// Where it cannot be started.
pub(crate) fn watch(command: &mut Command, phase: &Phase) -> io::Result<Said> {
    let command = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let (mut child, _running) = interrupt::spawn(command)?;
    let out = child.stdout.take();
    let err = child.stderr.take();
    let (stdout, stderr) = thread::scope(|scope| {
        let listener = scope.spawn(move || err.map_or(Ok(String::new()), |err| listen(err, phase)));
        let mut stdout = Vec::new();
        let read = out.map_or(Ok(0), |mut out| out.read_to_end(&mut stdout));
        let stderr = listener.join().unwrap_or_else(|_| Ok(String::new()));
        (read.map(|_| stdout), stderr)
    });
    let status = child.wait()?;
    Ok(Said {
        success: status.success(),
        stdout: stdout?,
        stderr: stderr?,
    })
}

fn listen(stderr: impl io::Read, phase: &Phase) -> io::Result<String> {
    let mut all = String::new();
    for line in BufReader::new(stderr).split(b'\n') {
        let line = String::from_utf8_lossy(&line?).into_owned();
        if !line.trim().is_empty() {
            phase.detail(&line);
        }
        all.push_str(&line);
        all.push('\n');
    }
    Ok(all)
}
