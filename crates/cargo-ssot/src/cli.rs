use clap::{Parser, Subcommand};

use crate::error::Error;
use crate::exit::{self, Exit};
use crate::session::Common;
use crate::{accept, audit, gate, init, prove, status};

/// Cargo hands its own name for the subcommand on.
#[derive(Debug, Parser)]
#[command(name = "cargo", bin_name = "cargo")]
pub(crate) enum Cargo {
    /// Keeps proof that regression tests failed before their fix
    ///
    /// A fail-first test must fail, with what it declares, while the fault that it names is there: it is red. When it first
    /// passes, that has to be accepted: it is green, and a regression test from then on. The ledger, a file for each test below
    /// `fail-first/`, is committed with the tests.
    #[command(name = "ssot", version, after_long_help = exit::TABLE)]
    Ssot(Ssot),
}

#[derive(Debug, clap::Args)]
pub(crate) struct Ssot {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    Status(status::Args),
    Accept(accept::Args),
    Prove(prove::Args),
    Gate(gate::Args),
    Audit(audit::Args),
    Init(init::Args),
}

impl Ssot {
    pub(crate) fn run(&self) -> Result<Exit, Error> {
        match &self.command {
            Command::Status(args) => status::status(args),
            Command::Accept(args) => accept::accept(args),
            Command::Prove(args) => prove::prove(args),
            Command::Gate(args) => gate::gate(args),
            Command::Audit(args) => audit::audit(args),
            Command::Init(args) => init::init(args),
        }
    }

    pub(crate) fn common(&self) -> &Common {
        match &self.command {
            Command::Status(args) => &args.common,
            Command::Accept(args) => &args.common,
            Command::Prove(args) => &args.common,
            Command::Gate(args) => &args.common,
            Command::Audit(args) => &args.common,
            Command::Init(args) => &args.common,
        }
    }

    /// How an error ends the command.
    pub(crate) fn exit_of(&self, error: &Error) -> Exit {
        match (&self.command, Exit::of(error)) {
            (Command::Gate(args), Exit::BadInput | Exit::ToolFailed) if args.bisect => Exit::Skip,
            (_, exit) => exit,
        }
    }
}
