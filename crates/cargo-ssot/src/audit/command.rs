use std::env;
use std::path::PathBuf;

use ssot_audit::{Mode, Report, Rule};

use super::discovering::discovering;
use super::told::error_of;
use crate::error::{Error, ErrorKind};
use crate::exit::Exit;
use crate::session::Common;

const EXAMPLES: &str = "\
Examples:
  what ssot.toml says             cargo ssot audit
  without any configuration       cargo ssot audit --discover
  propose rules                   cargo ssot audit --discover --write
  accept what is there now        cargo ssot audit --allow-growth 'before the migration, #12'
  remove what is settled          cargo ssot audit --tighten
  what a finding means            cargo ssot audit --explain SSOT003";

/// Audit the sources for one source of truth: roles, redirects, superseded items, unique names, payloads, layers
///
/// Reads `ssot.toml` at the root of the workspace, and `ssot.lock`, the findings that are known. Builds nothing.
#[derive(Debug, clap::Args)]
#[command(after_long_help = EXAMPLES)]
#[expect(clippy::struct_excessive_bools, reason = "each is an option of its own")]
pub(crate) struct Args {
    /// List what looks like competing implementations of one role; needs no ssot.toml
    #[arg(long, conflicts_with_all = ["locked", "tighten", "accept_moves", "allow_growth"], help_heading = "Discover")]
    discover: bool,

    /// Add the rules that would settle them to ssot.toml
    #[arg(long, requires = "discover", help_heading = "Discover")]
    write: bool,

    /// Leave out pairs of a lower score
    #[arg(
        long,
        value_name = "SCORE",
        default_value = "4",
        requires = "discover",
        help_heading = "Discover"
    )]
    min_score: f64,

    /// List pairs that share only data, and copies, too
    #[arg(long, requires = "discover", help_heading = "Discover")]
    all: bool,

    /// Fail where a known finding has moved, and write nothing [default: where CI is set]
    #[arg(long, conflicts_with_all = ["tighten", "accept_moves", "allow_growth"], help_heading = "Baseline")]
    locked: bool,

    /// Remove findings that are gone from ssot.lock
    #[arg(long, help_heading = "Baseline")]
    tighten: bool,

    /// Write known findings that have moved at their new place
    #[arg(long, help_heading = "Baseline")]
    accept_moves: bool,

    /// Add new findings to ssot.lock, for a reason that is kept there
    #[arg(long, value_name = "REASON", help_heading = "Baseline")]
    allow_growth: Option<String>,

    /// Say what a finding means, how to settle it, and what the audit cannot see
    #[arg(long, value_name = "ID")]
    explain: Option<String>,

    /// How results are printed; `--json` is `--format json`
    #[arg(long, value_name = "FORMAT", default_value = "text", help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    pub(crate) common: Common,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Format {
    /// For a person, as rustc prints it
    #[default]
    Text,
    /// For programs
    Json,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// Annotations of a workflow of GitHub
    Github,
}

/// `cargo ssot audit`
pub(crate) fn audit(args: &Args) -> Result<Exit, Error> {
    if let Some(id) = &args.explain {
        return explain(args, id);
    }
    let folder = folder(&args.common)?;
    if args.discover {
        return discovering(&args.common, &folder, args.min_score, args.all, args.write);
    }
    let mode = args.mode();
    let report = ssot_audit::audit()
        .at(folder)
        .configured()
        .mode(mode)
        .run()
        .map_err(error_of)?;
    print(&args.common, args.format, &report)?;
    Ok(exit_of(&report))
}

impl Args {
    fn mode(&self) -> Mode {
        let writes = self.tighten || self.accept_moves || self.allow_growth.is_some();
        let mut mode = Mode::reading(self.locked || !writes && env::var_os("CI").is_some());
        mode.tighten = self.tighten;
        mode.accept_moves = self.accept_moves;
        mode.allow_growth.clone_from(&self.allow_growth);
        mode
    }
}

/// How a report ends the command.
pub(super) fn exit_of(report: &Report) -> Exit {
    if report.failing().next().is_some() {
        Exit::Findings
    } else if report.statistics.unread.is_empty() {
        Exit::Fine
    } else {
        Exit::FileFailed
    }
}

/// The folder of the project.
pub(super) fn folder(common: &Common) -> Result<PathBuf, Error> {
    match &common.manifest_path {
        None => env::current_dir().map_err(|error| {
            let remedy = "go to a cargo project, or name one with --manifest-path";
            Error::new(ErrorKind::NoProject, "the current folder is gone", remedy).because(error)
        }),
        Some(manifest) if manifest.is_file() => {
            let folder = manifest.parent().filter(|folder| !folder.as_os_str().is_empty());
            Ok(folder.map_or_else(|| PathBuf::from("."), PathBuf::from))
        }
        Some(manifest) => Err(Error::new(
            ErrorKind::NoProject,
            format!("there is no file {}", manifest.display()),
            "name a Cargo.toml with --manifest-path",
        )),
    }
}

fn print(common: &Common, format: Format, report: &Report) -> Result<(), Error> {
    let output = common.output();
    let format = if common.json { Format::Json } else { format };
    match format {
        Format::Text => output.text(&report.colored()),
        Format::Json => output.value(&report.json()),
        Format::Sarif => output.value(&report.sarif()),
        Format::Github => output.text(&report.github()),
    }
}

fn explain(args: &Args, id: &str) -> Result<Exit, Error> {
    let rule = Rule::parse(id).ok_or_else(|| {
        let known: Vec<&str> = Rule::ALL.iter().map(|rule| rule.id()).collect();
        let remedy = format!("there are {}", known.join(", "));
        Error::new(ErrorKind::Usage, format!("there is no finding `{id}`"), remedy)
    })?;
    let text = ssot_audit::explain(rule);
    let title = format!("{} {}", rule.id(), rule.name());
    args.common.output().text(&format!("{title}\n\n{text}"))?;
    Ok(Exit::Fine)
}
