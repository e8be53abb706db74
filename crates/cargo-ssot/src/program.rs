use std::path::{Path, PathBuf};

use ssot_harness::__command::{Declared, Entry, Ledger, LedgerError, Record, Target};

use crate::place::from_here;
use crate::project::Package;

/// A test program, and which fail-first tests it holds.
#[derive(Clone, Debug)]
pub(crate) struct Program {
    pub(crate) package: Package,
    /// As the manifest names it.
    pub(crate) target: String,
    pub(crate) kind: TargetKind,
    /// The crate that its tests are compiled in.
    pub(crate) krate: String,
    pub(crate) executable: PathBuf,
    /// In the order of their names.
    pub(crate) tests: Vec<Declared>,
}

/// What a cargo target is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum TargetKind {
    Lib,
    Bin,
    Test,
    Example,
    Bench,
}

/// A target that does not compile.
#[derive(Clone, Debug)]
pub(crate) struct Uncompiled {
    pub(crate) package: String,
    pub(crate) target: String,
    pub(crate) kind: TargetKind,
    /// What the compiler says of it, as it prints it.
    pub(crate) errors: String,
}

/// What a build came to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Built {
    /// In the order of package, kind and name.
    pub(crate) programs: Vec<Program>,
    /// Empty unless the build was to keep going.
    pub(crate) uncompiled: Vec<Uncompiled>,
}

/// A fail-first test in its program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct TestRef<'a> {
    pub(crate) program: &'a Program,
    pub(crate) declared: &'a Declared,
}

/// What tells a test from every other, before a change and after it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Identity {
    /// The package's folder.
    pub(crate) package: PathBuf,
    pub(crate) krate: String,
    /// Which kind of target that crate is of, as the program itself says.
    pub(crate) target: Option<Target>,
    pub(crate) test: String,
}

impl TargetKind {
    pub(crate) fn of(target: &cargo_metadata::Target) -> Self {
        if target.is_test() {
            Self::Test
        } else if target.is_bin() {
            Self::Bin
        } else if target.is_example() {
            Self::Example
        } else if target.is_bench() {
            Self::Bench
        } else {
            Self::Lib
        }
    }

    /// What has cargo take this target and no other.
    pub(crate) fn selector(self, name: &str) -> Vec<&str> {
        match self {
            Self::Lib => vec!["--lib"],
            Self::Bin => vec!["--bin", name],
            Self::Test => vec!["--test", name],
            Self::Example => vec!["--example", name],
            Self::Bench => vec!["--bench", name],
        }
    }
}

impl Built {
    /// Every fail-first test of it.
    pub(crate) fn tests(&self) -> impl Iterator<Item = TestRef<'_>> {
        self.programs.iter().flat_map(|program| {
            let of_program = move |declared| TestRef { program, declared };
            program.tests.iter().map(of_program)
        })
    }
}

impl TestRef<'_> {
    pub(crate) fn identity(self) -> Identity {
        Identity {
            package: self.program.package.folder.clone(),
            krate: self.program.krate.clone(),
            target: self.declared.target,
            test: self.declared.test.clone(),
        }
    }

    /// The ledger of its package.
    pub(crate) fn ledger(self) -> Ledger {
        Ledger::of_package(&self.program.package.folder)
    }

    /// Its file of the ledger, relative to the package.
    pub(crate) fn ledger_file(self) -> PathBuf {
        let Declared { target, test, .. } = self.declared;
        self.ledger().place(*target, &self.program.krate, test)
    }

    /// The same, as somebody reads it where the command was started.
    pub(crate) fn ledger_shown(self) -> PathBuf {
        from_here(&self.program.package.folder.join(self.ledger_file()))
    }

    /// What is on record of it.
    ///
    /// # Errors
    ///
    /// Where that cannot be read, or contradicts itself.
    pub(crate) fn on_record(self) -> Result<Option<Entry>, LedgerError> {
        let Declared { target, test, .. } = self.declared;
        let on_record = self.ledger().find(*target, &self.program.krate, test);
        let folder = &self.program.package.folder;
        on_record
            .map(|on_record| on_record.entry)
            .map_err(|error| error.below(&from_here(folder)))
    }

    /// A fingerprint of all that it stands on, as far as its program knows.
    pub(crate) fn fingerprint(self) -> u64 {
        let covers = self.declared.covers.as_ref();
        covers.map_or(self.declared.source, |covers| covers.digest)
    }

    /// Whether a filter of the command line means it: no text, or one that its path within its crate or the crate's name
    /// before it contains.
    pub(crate) fn is_meant_by(self, filters: &[String]) -> bool {
        let path = format!("{}::{}", self.program.krate, self.declared.test);
        filters.is_empty() || filters.iter().any(|filter| path.contains(&**filter))
    }
}

impl Identity {
    pub(crate) fn of_record(record: &Record) -> Self {
        Self {
            package: Path::new(&record.package).to_owned(),
            krate: record.krate.clone(),
            target: record.target,
            test: record.test.clone(),
        }
    }
}
