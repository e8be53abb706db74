//! What a database holds for each user.

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use tokio_postgres::Client;

use super::layout::{Column, Holds, Table};
use super::made::Made;
use crate::services::postgres::error::PostgresError;
use crate::services::postgres::schema::Schema;
use crate::services::postgres::sql::{ident, literal, rows};

/// The most rows of a table that are read.
const MOST: usize = 1_000;

/// By table, its rows.
type Rows = BTreeMap<String, Vec<Value>>;

/// Reads every table with policies as each user, whom the SQL makes the connection's.
pub(crate) async fn seen(
    made: &Made,
    schema: &Schema,
    become_user: &[String],
) -> Result<Vec<Rows>, PostgresError> {
    let tables = made.layout.tables.iter();
    let guarded: Vec<_> = tables
        .filter(|table| table.is_guarded && !schema.is_ignored(&table.schema, &table.name))
        .collect();
    if guarded.is_empty() || become_user.is_empty() {
        return Ok(Vec::new());
    }
    let query = async |client: &Client| Ok(query(&readable(client, &guarded).await?, None));
    let viewed = made.with_viewer(query, async |client, query| {
        let mut seen = Vec::new();
        for become_user in become_user {
            let read = read(client, &format!("BEGIN READ ONLY; {become_user}"), query).await?;
            seen.push(
                read.into_iter()
                    .map(|(table, rows)| (table, rows.into_iter().map(|(_, row)| row).collect()))
                    .collect(),
            );
        }
        Ok(seen)
    });
    viewed.await
}

/// Reads the rows of each table that has an owner's column, by the owner.
pub(crate) async fn owned(
    made: &Made,
    schema: &Schema,
    column: &str,
) -> Result<BTreeMap<String, Rows>, PostgresError> {
    let tables = made.layout.tables.iter();
    let having: Vec<_> = tables
        .filter(|table| !schema.is_ignored(&table.schema, &table.name))
        .filter(|table| table.columns.iter().any(|own| own.name == column))
        .collect();
    if having.is_empty() {
        return Ok(BTreeMap::new());
    }
    let query = query(&having, Some(column));
    // An administrator who is no superuser owns the tables, and sees their rows but where policies are forced on owners.
    let forced = having
        .iter()
        .filter(|table| table.is_forced && !made.server.is_superuser);
    let begin = forced.fold("BEGIN".to_owned(), |begin, table| {
        format!(
            "{begin}; ALTER TABLE {} NO FORCE ROW LEVEL SECURITY",
            table.ident()
        )
    });
    let read = made
        .with_admin(async |client| read(client, &begin, &query).await)
        .await??;
    let mut by_owner: BTreeMap<String, Rows> = BTreeMap::new();
    for (table, rows) in read {
        for (owner, row) in rows {
            let Some(owner) = owner else { continue };
            by_owner
                .entry(owner)
                .or_default()
                .entry(table.clone())
                .or_default()
                .push(row);
        }
    }
    Ok(by_owner)
}

/// The tables that the role may read.
async fn readable<'t>(client: &Client, tables: &[&'t Table]) -> Result<Vec<&'t Table>, PostgresError> {
    let asked: Vec<_> = tables
        .iter()
        .map(|table| {
            let (schema, name) = (literal(&table.schema), literal(&table.ident()));
            format!("pg_catalog.has_schema_privilege({schema}, 'USAGE') AND pg_catalog.has_table_privilege({name}, 'SELECT')")
        })
        .collect();
    let answers = rows(client, &format!("SELECT {}", asked.join(", "))).await?;
    let answers = answers.into_iter().flatten();
    let readable = tables
        .iter()
        .zip(answers)
        .filter(|(_, may)| may.as_deref() == Some("t"));
    Ok(readable.map(|(table, _)| *table).collect())
}

/// A query for the rows of tables: an object of lists of pairs, of the owner's name and the row.
fn query(tables: &[&Table], owner: Option<&str>) -> String {
    let of_table = tables.iter().filter_map(|table| {
        let mut columns: Vec<&Column> = table.columns.iter().filter(|column| column.is != Holds::Other).collect();
        // What is drawn at random orders nothing.
        columns.sort_by_key(|column| column.is == Holds::Uuid);
        if columns.is_empty() {
            return None;
        }
        let shown = columns.iter().map(|column| {
            let name = ident(&column.name);
            match column.is {
                Holds::Number => format!("CASE WHEN {name} BETWEEN 100000000000000 AND 999999999999999 THEN {name} END AS {name}"),
                _ => name,
            }
        });
        let shown: Vec<_> = shown.collect();
        let order: Vec<_> = columns.iter().map(|column| format!("{}::text", ident(&column.name))).collect();
        let owner = owner.map_or_else(|| "NULL::text".to_owned(), |owner| format!("{}::text", ident(owner)));
        // The columns stand in a row of their own, so that none is called as the owner's name here.
        Some(format!(
            "({}, (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(picked.owner, picked.shown)) FROM (SELECT {owner} AS owner, \
             (SELECT pg_catalog.row_to_json(fields) FROM (SELECT {}) fields) AS shown FROM {} ORDER BY {} LIMIT {MOST}) picked))",
            literal(&table.label()),
            shown.join(", "),
            table.ident(),
            order.join(", ")
        ))
    });
    let of_table: Vec<_> = of_table.collect();
    if of_table.is_empty() {
        return "SELECT '{}'".to_owned();
    }
    format!(
        "SELECT COALESCE(pg_catalog.json_object_agg(name, found), '{{}}')::text FROM (VALUES {}) AS t(name, found) WHERE found IS NOT NULL",
        of_table.join(", ")
    )
}

/// Reads within a transaction that is rolled back.
async fn read(
    client: &Client,
    begin: &str,
    query: &str,
) -> Result<BTreeMap<String, Vec<(Option<String>, Value)>>, PostgresError> {
    let answers = rows(client, &format!("{begin}; {query}; ROLLBACK")).await;
    if answers.is_err() {
        rows(client, "ROLLBACK").await?;
    }
    let text = answers?
        .into_iter()
        .next_back()
        .and_then(|row| row.into_iter().next())
        .flatten();
    let tables: Map<String, Value> =
        serde_json::from_str(text.as_deref().unwrap_or("{}")).unwrap_or_default();
    let pairs =
        |found: Value| -> Vec<(Option<String>, Value)> { serde_json::from_value(found).unwrap_or_default() };
    Ok(tables
        .into_iter()
        .map(|(table, found)| (table, pairs(found)))
        .collect())
}
