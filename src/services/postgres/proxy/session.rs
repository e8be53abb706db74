//! What a connection keeps, and what of that another does not have.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;

use crate::services::postgres::sql::literal;

/// What a connection to the database keeps between two uses of it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub(crate) struct Session {
    pub(crate) login: String,
    pub(crate) role: String,
    /// Settings of the session, by name.
    settings: BTreeMap<String, String>,
    /// Settings that only the system knows, by name.
    custom: BTreeMap<String, Option<String>>,
    prepared: Vec<String>,
    temporary: Vec<String>,
    locks: Vec<String>,
    channels: Vec<String>,
    cursors: Vec<String>,
    /// Tables whose policies do not apply to it.
    pub(crate) bypassed: Vec<String>,
    pub(crate) is_superuser: bool,
    pub(crate) bypasses: bool,
    /// `I` outside of a transaction, `T` in one, `E` in one that failed; of that nothing else is known.
    #[serde(skip)]
    transaction: Option<u8>,
}

/// The query that tells what a connection keeps. `custom` are the settings that only the system knows.
///
/// Statements that were prepared by a message and not by SQL are a driver's cache.
pub(crate) fn probe(custom: &BTreeSet<String>) -> String {
    let custom: Vec<_> = custom
        .iter()
        .map(|name| format!("{0}, pg_catalog.current_setting({0}, true)", literal(name)))
        .collect();
    let list = |columns: &str, rest: &str| {
        format!("COALESCE((SELECT pg_catalog.json_agg({columns} ORDER BY {columns}) FROM {rest}), '[]')")
    };
    let prepared = list("statement", "pg_catalog.pg_prepared_statements WHERE from_sql");
    let temporary = list(
        "relname::text",
        "pg_catalog.pg_class WHERE relnamespace = pg_catalog.pg_my_temp_schema() AND relkind IN ('r', 'v', 'S', 'p')",
    );
    let locks = list(
        "(classid::text || '/' || objid::text)",
        "pg_catalog.pg_locks WHERE locktype = 'advisory' AND pid = pg_catalog.pg_backend_pid()",
    );
    let channels = list("channel", "pg_catalog.pg_listening_channels() AS channel");
    let cursors = list("name", "pg_catalog.pg_cursors WHERE is_holdable");
    let bypassed = list(
        "(oid::pg_catalog.regclass)::text",
        "pg_catalog.pg_class WHERE relrowsecurity AND NOT pg_catalog.row_security_active(oid)",
    );
    let role = |column: &str| {
        format!(
            "(SELECT pg_catalog.bool_or({column}) FROM pg_catalog.pg_roles WHERE rolname IN (current_user, session_user))"
        )
    };
    format!(
        "SELECT pg_catalog.json_build_object(\
         'login', session_user::text, 'role', current_user::text, \
         'settings', COALESCE((SELECT pg_catalog.json_object_agg(name, setting) FROM pg_catalog.pg_settings \
         WHERE source = 'session' AND name NOT IN ('role', 'session_authorization', 'transaction_isolation', 'transaction_read_only', \
         'transaction_deferrable')), '{{}}'), \
         'custom', pg_catalog.json_build_object({}), \
         'prepared', {prepared}, 'temporary', {temporary}, 'locks', {locks}, 'channels', {channels}, 'cursors', {cursors}, \
         'bypassed', {bypassed}, 'is_superuser', {}, 'bypasses', {})::text",
        custom.join(", "),
        role("rolsuper"),
        role("rolbypassrls"),
    )
}

impl Session {
    /// The same with the status of its transaction.
    pub(crate) fn in_transaction(self, status: u8) -> Self {
        Self {
            transaction: Some(status),
            ..self
        }
    }

    /// The same for a connection of another role, which begins as itself.
    pub(crate) fn of_role(&self, other: &Self) -> Self {
        let mut fresh = self.clone();
        if other.login != fresh.login {
            fresh.role.clone_from(&other.login);
        }
        fresh
    }

    /// What this connection keeps that another, as it should be, does not.
    pub(crate) fn differs(&self, fresh: &Self, kept: &[String]) -> Vec<String> {
        let mut left = Vec::new();
        match self.transaction {
            Some(b'T') if fresh.transaction != self.transaction => {
                left.push("an open transaction".to_owned());
            }
            Some(b'E') if fresh.transaction != self.transaction => {
                left.push("a failed transaction that is open".to_owned());
            }
            _ => {}
        }
        if self.transaction == Some(b'E') {
            // It answers no query.
            return left;
        }
        if self.role != fresh.role {
            left.push(format!("the role {:?}", self.role));
        }
        let custom = |session: &Self| {
            let custom = session.custom.iter();
            // A setting that was reset is empty.
            let set = custom.filter_map(|(name, value)| {
                Some((name.clone(), value.clone().filter(|value| !value.is_empty())?))
            });
            set.chain(session.settings.clone()).collect::<BTreeMap<_, _>>()
        };
        let (here, there) = (custom(self), custom(fresh));
        for name in here
            .keys()
            .chain(there.keys().filter(|name| !here.contains_key(*name)))
        {
            if here.get(name) == there.get(name) || kept.contains(&name.to_lowercase()) {
                continue;
            }
            left.push(match here.get(name) {
                Some(value) => format!("the setting {name} = {value:?}"),
                None => format!("the setting {name} without its value"),
            });
        }
        let lists = [
            ("the prepared statement", &self.prepared, &fresh.prepared),
            ("the temporary table", &self.temporary, &fresh.temporary),
            ("the advisory lock", &self.locks, &fresh.locks),
            ("LISTEN to", &self.channels, &fresh.channels),
            ("the cursor", &self.cursors, &fresh.cursors),
        ];
        for (what, here, there) in lists {
            let more = here.iter().filter(|one| !there.contains(one));
            left.extend(more.map(|one| format!("{what} {one:?}")));
        }
        left
    }

    /// Why policies do not apply to this connection; `None` where they do.
    pub(crate) fn bypass(&self) -> Option<String> {
        let table = self.bypassed.first()?;
        let role = &self.role;
        Some(if self.is_superuser {
            format!("the role {role:?} is a superuser, to whom no policy applies")
        } else if self.bypasses {
            format!("the role {role:?} has BYPASSRLS")
        } else {
            format!(
                "the role {role:?} owns {table}, and no policy applies to an owner without FORCE ROW LEVEL SECURITY"
            )
        })
    }
}

#[cfg(test)]
mod tests {
    use super::Session;

    fn session(json: &str) -> Session {
        serde_json::from_str(json).unwrap()
    }

    #[test]
    fn what_a_connection_keeps_is_named() {
        let fresh = session(r#"{ "role": "app", "custom": { "app.user": null } }"#);
        let mut used = session(
            r#"{ "role": "tenant", "custom": { "app.user": "ada" }, "settings": { "search_path": "t1", "TimeZone": "UTC" },
                 "prepared": ["PREPARE q AS SELECT 1"], "temporary": ["basket"], "locks": ["0/7"], "channels": ["news"], "cursors": ["c"] }"#,
        );
        used.transaction = Some(b'T');
        assert_eq!(
            used.differs(&fresh, &["timezone".to_owned()]),
            [
                "an open transaction",
                "the role \"tenant\"",
                "the setting app.user = \"ada\"",
                "the setting search_path = \"t1\"",
                "the prepared statement \"PREPARE q AS SELECT 1\"",
                "the temporary table \"basket\"",
                "the advisory lock \"0/7\"",
                "LISTEN to \"news\"",
                "the cursor \"c\"",
            ]
        );
        assert!(used.differs(&used, &[]).is_empty());
        let reset = session(r#"{ "role": "app", "custom": { "app.user": "" } }"#);
        assert!(reset.differs(&fresh, &[]).is_empty());
    }
}
