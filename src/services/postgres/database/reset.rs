//! Puts a database back to what its template holds, by truncation.

use std::fmt::Write as _;

use tokio_postgres::Client;

use super::copy::copy_in;
use super::layout::{Filled, Layout, filled, fingerprint};
use crate::services::postgres::error::PostgresError;
use crate::services::postgres::sql::rows;

/// Up to so many bytes, rows are deleted one by one.
const SMALL: u64 = 1 << 16;

/// Ends what others do in the database of this connection.
const TERMINATE: &str = "SELECT pg_catalog.pg_terminate_backend(pid) FROM pg_catalog.pg_stat_activity \
     WHERE datname = pg_catalog.current_database() AND pid <> pg_catalog.pg_backend_pid() AND application_name <> 'ssot-harness'";

/// Empties what holds rows, and puts back sequences and the rows of the template. False where it takes more than that: where the definitions have
/// changed, or there are rows that cannot be put back.
pub(super) async fn reset(
    client: &Client,
    layout: &Layout,
    is_superuser: bool,
) -> Result<bool, PostgresError> {
    let Some(seeds) = layout
        .seeds
        .as_ref()
        .filter(|seeds| is_superuser || seeds.is_empty())
    else {
        return Ok(false);
    };
    let state = format!(
        "SELECT {}, {}, EXISTS (SELECT FROM pg_catalog.pg_largeobject_metadata)",
        fingerprint(),
        filled()
    );
    let answers = rows(client, &format!("{TERMINATE}; {state}")).await?;
    let [print, filled, large] = answers.last().map(Vec::as_slice).unwrap_or_default() else {
        return Ok(false);
    };
    if print.as_deref() != Some(layout.fingerprint.as_str()) {
        return Ok(false);
    }
    let filled: Vec<Filled> = filled
        .as_deref()
        .and_then(|filled| serde_json::from_str(filled).ok())
        .unwrap_or_default();
    let mut commands = String::new();
    // Triggers are for what the system does.
    if is_superuser {
        commands.push_str("SET session_replication_role = replica;");
    }
    // A file of its own for each table takes longer than removing a handful of rows; keys and policies do not apply to a superuser's replica.
    let is_deleted = |filled: &&Filled| is_superuser && filled.bytes <= SMALL;
    for small in filled.iter().filter(is_deleted) {
        write!(commands, "DELETE FROM ONLY {};", small.name)?;
    }
    let large_ones = filled
        .iter()
        .filter(|filled| !is_deleted(filled))
        .map(|filled| filled.name.as_str());
    let large_ones = large_ones.collect::<Vec<_>>().join(", ");
    if !large_ones.is_empty() {
        write!(commands, "TRUNCATE {large_ones} RESTART IDENTITY CASCADE;")?;
    }
    if !layout.sequences.is_empty() {
        write!(commands, "SELECT {};", layout.sequences.join(", "))?;
    }
    if large.as_deref() == Some("t") {
        commands.push_str("SELECT pg_catalog.lo_unlink(oid) FROM pg_catalog.pg_largeobject_metadata;");
    }
    client.batch_execute(&commands).await?;
    for (table, bytes) in seeds {
        copy_in(client, table, bytes).await?;
    }
    Ok(true)
}
