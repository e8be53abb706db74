//! Changes of the process environment, and of its working directory, that a test made directly, without its case.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::env_lock::{ExclusiveEnv, SharedEnv};
use super::process_env;
use crate::case::stderr;
use crate::settings;

/// The environment and the working directory before a test.
#[derive(Debug)]
pub(super) struct EnvSnapshot {
    variables: Vec<(OsString, OsString)>,
    /// None where it has been removed.
    folder: Option<PathBuf>,
}

/// A variable, and what it was before: `None` where it was not set.
type Change = (OsString, Option<OsString>);

/// Whether other tests ran while one did, and may have changed the environment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Overlap {
    /// No other test of the harness ran meanwhile.
    None,
    OtherTests,
}

impl EnvSnapshot {
    pub(super) fn now() -> Self {
        Self {
            variables: env::vars_os().collect(),
            folder: env::current_dir().ok(),
        }
    }

    fn changes(self) -> Vec<Change> {
        let now: Vec<_> = env::vars_os().collect();
        // The order stays as it is where nothing was changed.
        if self.variables == now {
            return Vec::new();
        }
        let is_known = |name: &OsString| self.variables.iter().any(|(known, _)| known == name);
        let added = now.iter().filter(|(name, _)| !is_known(name));
        let mut changes: Vec<Change> = added.map(|(name, _)| (name.clone(), None)).collect();
        let gone = self.variables.into_iter().filter(|before| !now.contains(before));
        changes.extend(gone.map(|(name, value)| (name, Some(value))));
        changes
    }

    /// Puts back what was changed since, where it is known that only this test can have done it, and reports it in any case.
    pub(super) fn restore_or_report(mut self, test: &str, overlap: Overlap, access: EnvAccess) {
        self.restore_or_report_folder(test, overlap);
        let changes = self.changes();
        if changes.is_empty() {
            return;
        }
        let remedy = "set variables by case.env().set(…), which puts them back";
        if overlap == Overlap::None && settings::is_one_test_at_a_time() {
            let token = match access {
                EnvAccess::Shared(shared) => shared.into_exclusive(),
                EnvAccess::Exclusive(token) => token,
            };
            for (name, value) in &changes {
                process_env::change(&token, name, value.as_deref());
            }
            stderr::print(&format!(
                "ssot: {test} changed the environment of the process, which is undone: {}; {remedy}\n",
                names(&changes)
            ));
            return;
        }
        let mut reported = REPORTED.lock().unwrap_or_else(PoisonError::into_inner);
        let new: Vec<Change> = changes
            .into_iter()
            .filter(|(name, _)| !reported.contains(name))
            .collect();
        if new.is_empty() {
            return;
        }
        reported.extend(new.iter().map(|(name, _)| name.clone()));
        let others = match overlap {
            Overlap::None => "",
            Overlap::OtherTests => " and others",
        };
        stderr::print(&format!(
            "ssot: the environment of the process was changed while {test}{others} ran, and stays changed: {}; {remedy}\n",
            names(&new)
        ));
    }
}

impl EnvSnapshot {
    fn restore_or_report_folder(&mut self, test: &str, overlap: Overlap) {
        let Some(before) = self.folder.take() else { return };
        if env::current_dir().is_ok_and(|now| now == before) {
            return;
        }
        let what = "the working directory of the process";
        let change = if overlap == Overlap::OtherTests || !settings::is_one_test_at_a_time() {
            format!("{what} was changed while {test} ran, and stays changed")
        } else {
            match env::set_current_dir(&before) {
                Ok(()) => format!("{test} changed {what}, which is undone"),
                Err(error) => format!("{test} changed {what}, which cannot be undone: {error}"),
            }
        };
        stderr::print(&format!("ssot: {change}: all tests of a process share it\n"));
    }
}

/// The access to the environment that a test has.
#[derive(Debug)]
pub(super) enum EnvAccess {
    Shared(SharedEnv),
    Exclusive(ExclusiveEnv),
}

/// The variables that were reported and not put back.
static REPORTED: Mutex<Vec<OsString>> = Mutex::new(Vec::new());

fn names(changes: &[Change]) -> String {
    let names: Vec<_> = changes.iter().map(|(name, _)| name.to_string_lossy()).collect();
    names.join(", ")
}
