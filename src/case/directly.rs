//! Changes of the process environment that a test made past its case, by `std::env::set_var`.

use std::env;
use std::ffi::OsString;
use std::sync::{Mutex, PoisonError};

use super::gate::{Exclusive, Shared};
use super::process_env;
use super::run::tell;
use crate::settings;

/// The environment as a test found it.
#[derive(Debug)]
pub(super) struct Found(Vec<(OsString, OsString)>);

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
        Self(env::vars_os().collect())
    }

    fn changes(self) -> Vec<Change> {
        let now = Self::now();
        // The order stays as it is where nothing was changed.
        if self.0 == now.0 {
            return Vec::new();
        }
        let added = now
            .0
            .iter()
            .filter(|(name, _)| !self.0.iter().any(|(known, _)| known == name));
        let mut changes: Vec<Change> = added.map(|(name, _)| (name.clone(), None)).collect();
        changes.extend(
            self.0
                .into_iter()
                .filter(|before| !now.0.contains(before))
                .map(|(name, value)| (name, Some(value))),
        );
        changes
    }

    /// Puts back what was changed since, where it is known that only this test can have done it, and reports it in any case.
    pub(super) fn look_again(self, test: &str, company: Company, place: Place) {
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
