use std::env;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use super::ci::{Ci, GATE, ci, install};
use super::files::{Done, add_line, write_new};
use crate::error::{Error, ErrorKind};
use crate::exit::Exit;
use crate::git::Git;
use crate::place::from_here;
use crate::project::{Package, Project};
use crate::session::Common;

const TEST: &str = "tests/ssot_first.rs";

/// What the ledger leaves behind where a process is killed while it writes.
const IGNORED: &str = "/fail-first/**/*.draft";

/// Write a first test of each kind, a line for .gitignore and a workflow for CI into a package
///
/// What is there already is left as it is. Where another CI than GitHub's is there, its steps are printed instead.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    #[command(flatten)]
    pub(crate) common: Common,
}

/// What was written and what was not, in the order in which it was tried.
#[derive(Debug, Default, Serialize)]
struct Told {
    version: u32,
    written: Vec<String>,
    left: Vec<String>,
    next: Vec<String>,
}

/// `cargo ssot init`
pub(crate) fn init(args: &Args) -> Result<Exit, Error> {
    let project = args.common.project()?;
    let package = package(&project, &args.common.packages)?;
    // A project without git yet is given the same files, in its own folder.
    let repository = Git::at(&project.root).map_or_else(|_| project.root.clone(), |git| git.top);
    let mut told = Told {
        version: 1,
        ..Told::default()
    };
    let test = package.folder.join(TEST);
    told.file(
        &test,
        write_new(&test, include_str!("../../templates/ssot_first.rs"))?,
    );
    let ignored = package.folder.join(".gitignore");
    told.file(&ignored, add_line(&ignored, IGNORED)?);
    let install = install(package, &project.root);
    let ci = ci(&repository, &project.root, &install);
    if let Ci::Workflow { file, text } = &ci {
        told.file(file, write_new(file, text)?);
    }
    told.next = next(package, &ci, &install);
    let output = args.common.output();
    if output.is_json() {
        output.value(&told)?;
    } else {
        output.text(&told.text())?;
    }
    Ok(Exit::Fine)
}

/// The package that is meant: by name, by the current folder, or the only one.
fn package<'a>(project: &'a Project, names: &[String]) -> Result<&'a Package, Error> {
    let ambiguous = |what: &str| {
        let names: Vec<&str> = project.packages.iter().map(|package| &*package.name).collect();
        let remedy = format!("name one with --package: {}", names.join(", "));
        Error::new(ErrorKind::Usage, what, remedy)
    };
    match (names, &*project.packages) {
        ([name], _) => project.package(name),
        ([], [only]) => Ok(only),
        ([], packages) => {
            let folder = env::current_dir().unwrap_or_default();
            packages
                .iter()
                .filter(|package| folder.starts_with(&package.folder))
                .max_by_key(|package| package.folder.components().count())
                .ok_or_else(|| ambiguous("there are several packages here"))
        }
        (_, _) => Err(ambiguous("a first test goes into one package")),
    }
}

fn next(package: &Package, ci: &Ci, install: &str) -> Vec<String> {
    let mut next = Vec::new();
    if !package.harnessed {
        next.push(format!(
            "let {} depend on ssot-harness, by [dev-dependencies] in its Cargo.toml",
            package.name
        ));
    }
    next.push(format!("cargo test --package {} --test ssot_first", package.name));
    next.push("commit what it writes below fail-first/: that one test is red".to_owned());
    next.push("follow what stands above that test, and see it turn green: cargo ssot accept".to_owned());
    if let Ci::Other(file) = ci {
        let steps = format!("{install} && {GATE}");
        next.push(format!("add to the CI that {file} is for: {steps}"));
    }
    next
}

impl Told {
    fn file(&mut self, path: &Path, done: Done) {
        let name = from_here(path).display().to_string();
        match done {
            Done::Written => self.written.push(name),
            Done::Left => self.left.push(name),
        }
    }

    fn text(&self) -> String {
        let mut text = String::new();
        let mut push = |line: String| writeln!(text, "{line}").expect("text can always be written to text");
        for name in &self.written {
            push(format!("wrote {name}"));
        }
        for name in &self.left {
            push(format!("left {name} as it was"));
        }
        push("\nnext:".to_owned());
        for (index, step) in self.next.iter().enumerate() {
            push(format!("  {}. {step}", index + 1));
        }
        text
    }
}
