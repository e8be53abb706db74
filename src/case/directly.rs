//! Changes of the process environment, and of its working directory, that a test made past its case.

use std::env;
use std::ffi::OsString;
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use super::gate::{Exclusive, Shared};
use super::process_env;
use super::run::tell;
use crate::settings;

/// The environment and the working directory as a test found them.
#[derive(Debug)]
pub(super) struct Found {
    variables: Vec<(OsString, OsString)>,
    /// None where it has been removed.
    folder: Option<PathBuf>,
}

/// A variable, and what it was before: `None` where it was not set.
type Change = (OsString, Option<OsString>);

/// What is known of who may have changed the environment while a test ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Company {
    /// No other test of the harness ran meanwhile.
    Nobody,
    Others,
}

impl Found {
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
    pub(super) fn look_again(mut self, test: &str, company: Company, place: Place) {
        self.look_at_folder(test, company);
        let changes = self.changes();
        if changes.is_empty() {
            return;
        }
        let remedy = "set variables by case.env().set(…), which puts them back";
        if company == Company::Nobody && settings::is_one_test_at_a_time() {
            let token = match place {
                Place::Beside(shared) => shared.into_exclusive(),
                Place::Alone(token) => token,
            };
            for (name, value) in &changes {
                process_env::change(&token, name, value.as_deref());
            }
            tell(&format!(
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
        let others = match company {
            Company::Nobody => "",
            Company::Others => " and others",
        };
        tell(&format!(
            "ssot: the environment of the process was changed while {test}{others} ran, and stays changed: {}; {remedy}\n",
            names(&new)
        ));
    }
}

impl Found {
    fn look_at_folder(&mut self, test: &str, company: Company) {
        let Some(before) = self.folder.take() else { return };
        if env::current_dir().is_ok_and(|now| now == before) {
            return;
        }
        let what = "the working directory of the process";
        let said = if company == Company::Others || !settings::is_one_test_at_a_time() {
            format!("{what} was changed while {test} ran, and stays changed")
        } else {
            match env::set_current_dir(&before) {
                Ok(()) => format!("{test} changed {what}, which is undone"),
                Err(error) => format!("{test} changed {what}, which cannot be undone: {error}"),
            }
        };
        tell(&format!("ssot: {said}: all tests of a process share it\n"));
    }
}

/// Where a test stands at the gate to the environment.
#[derive(Debug)]
pub(super) enum Place {
    Beside(Shared),
    Alone(Exclusive),
}

/// The variables that were reported and not put back.
static REPORTED: Mutex<Vec<OsString>> = Mutex::new(Vec::new());

fn names(changes: &[Change]) -> String {
    let names: Vec<_> = changes.iter().map(|(name, _)| name.to_string_lossy()).collect();
    names.join(", ")
}
