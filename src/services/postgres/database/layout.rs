//! What a database holds when it is new.

use serde::Deserialize;
use tokio_postgres::Client;

use crate::services::postgres::error::PostgresError;
use crate::services::postgres::sql::{ident, literal, rows, value};

/// Schemas of the server's own.
pub(crate) const OURS: &str = "n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'";

/// The most bytes of rows that are kept to be put back; where there are more, the database is made anew.
const MOST: usize = 1 << 22;

/// What a database of a template holds when it is new. All databases of a template have the same numbers for the same things.
#[derive(Clone, Debug)]
pub(crate) struct Layout {
    pub(crate) tables: Vec<Table>,
    /// What a database's fingerprint is, for as long as only rows change.
    pub(crate) fingerprint: String,
    /// How sequences are put back.
    pub(crate) sequences: Vec<String>,
    /// Tables that hold rows, each with its rows as `COPY` writes them; `None` where these are too many.
    pub(crate) seeds: Option<Vec<(String, Vec<u8>)>>,
    /// Settings that policies, functions and defaults ask for.
    pub(crate) custom: Vec<String>,
}

/// A table by which rows are read: not a part of another.
#[derive(Clone, Debug)]
pub(crate) struct Table {
    pub(crate) schema: String,
    pub(crate) name: String,
    /// Whether policies decide who sees its rows.
    pub(crate) is_guarded: bool,
    /// Whether they do so for its owner too.
    pub(crate) is_forced: bool,
    pub(crate) columns: Vec<Column>,
}

/// A column whose values can hold a secret.
#[derive(Clone, Debug)]
pub(crate) struct Column {
    pub(crate) name: String,
    pub(crate) is: Holds,
}

/// What a column holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Holds {
    Text,
    Uuid,
    /// Numbers, of which those of 15 digits can be secrets.
    Number,
    /// What is looked at only to name a row's owner.
    Other,
}

impl Table {
    pub(crate) fn ident(&self) -> String {
        format!("{}.{}", ident(&self.schema), ident(&self.name))
    }

    /// What observations call it.
    pub(crate) fn label(&self) -> String {
        if self.schema == "public" {
            self.name.clone()
        } else {
            format!("{}.{}", self.schema, self.name)
        }
    }
}

/// A query for what changes where a database's definitions do. Rows, truncation and sequences change nothing of it.
pub(crate) fn fingerprint() -> String {
    let of = |columns: &str, table: &str, filter: &str| {
        format!(
            "(SELECT pg_catalog.md5(pg_catalog.string_agg({columns}, ',' ORDER BY {columns})) FROM {table} WHERE {filter})"
        )
    };
    let made = "oid >= 16384";
    [
        of(
            "oid::text || relrowsecurity::text || relforcerowsecurity::text || COALESCE(relacl::text, '') || relowner::text",
            "pg_catalog.pg_class",
            "oid >= 16384 AND relpersistence <> 't'",
        ),
        // Of a materialized view, the file is another where it was refreshed.
        of("relfilenode::text", "pg_catalog.pg_class", "oid >= 16384 AND relkind = 'm'"),
        of("attrelid::text || '.' || attnum::text || xmin::text", "pg_catalog.pg_attribute a", "attrelid >= 16384 AND EXISTS (SELECT FROM pg_catalog.pg_class c WHERE c.oid = attrelid AND relpersistence <> 't')"),
        of("oid::text || xmin::text", "pg_catalog.pg_policy", made),
        of("oid::text || xmin::text", "pg_catalog.pg_proc", made),
        of("oid::text || xmin::text", "pg_catalog.pg_trigger", made),
        of("oid::text || xmin::text", "pg_catalog.pg_constraint", "oid >= 16384"),
        of("oid::text || nspname::text || COALESCE(nspacl::text, '')", "pg_catalog.pg_namespace", "oid >= 16384 AND nspname !~ '^pg_'"),
    ]
    .map(|part| format!("COALESCE({part}, '')"))
    .join(" || ")
}

impl Layout {
    /// The layout of a new database, as its administrator sees it.
    pub(crate) async fn of(client: &Client) -> Result<Self, PostgresError> {
        let fingerprint = value(client, &format!("SELECT {}", fingerprint())).await?;
        Ok(Self {
            tables: tables(client).await?,
            fingerprint: fingerprint.unwrap_or_default(),
            sequences: sequences(client).await?,
            seeds: seeds(client).await?,
            custom: custom(client).await?,
        })
    }

    pub(crate) fn has_policies(&self) -> bool {
        self.tables.iter().any(|table| table.is_guarded)
    }
}

async fn tables(client: &Client) -> Result<Vec<Table>, PostgresError> {
    // A domain holds what it is of, an array what its elements do.
    let asked = format!(
        "WITH RECURSIVE held AS ( \
           SELECT oid AS id, oid AS base, typtype, typbasetype, typelem, typcategory, typname FROM pg_catalog.pg_type \
           UNION ALL \
           SELECT held.id, t.oid, t.typtype, t.typbasetype, t.typelem, t.typcategory, t.typname FROM held JOIN pg_catalog.pg_type t \
             ON t.oid = CASE WHEN held.typtype = 'd' THEN held.typbasetype WHEN held.typcategory = 'A' THEN held.typelem END \
         ) \
         SELECT n.nspname, c.relname, c.relrowsecurity, c.relforcerowsecurity, a.attname, \
           CASE WHEN held.typname IN ('text', 'varchar', 'bpchar', 'char', 'name', 'citext', 'json', 'jsonb', 'jsonpath', 'xml', 'hstore', 'bytea', \
             'tsvector') OR held.typtype = 'c' THEN 'text' WHEN held.typname = 'uuid' THEN 'uuid' \
             WHEN held.typname IN ('int8', 'numeric') AND held.id = held.base THEN 'number' ELSE 'other' END \
         FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
           JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped \
           JOIN held ON held.id = a.atttypid AND held.typtype <> 'd' AND held.typcategory <> 'A' \
         WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relpersistence <> 't' AND {OURS} \
           AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid AND d.deptype = 'e') \
         ORDER BY n.nspname, c.relname, a.attnum"
    );
    let mut tables: Vec<Table> = Vec::new();
    for row in rows(client, &asked).await? {
        let [schema, name, guarded, forced, column, holds] = &row[..] else {
            continue;
        };
        let text = |field: &Option<String>| field.clone().unwrap_or_default();
        let is_new = tables
            .last()
            .is_none_or(|last| last.schema != text(schema) || last.name != text(name));
        if is_new {
            tables.push(Table {
                schema: text(schema),
                name: text(name),
                is_guarded: guarded.as_deref() == Some("t"),
                is_forced: forced.as_deref() == Some("t"),
                columns: Vec::new(),
            });
        }
        if let Some(table) = tables.last_mut() {
            table.columns.push(Column {
                name: text(column),
                is: match holds.as_deref() {
                    Some("text") => Holds::Text,
                    Some("uuid") => Holds::Uuid,
                    Some("number") => Holds::Number,
                    _ => Holds::Other,
                },
            });
        }
    }
    Ok(tables)
}

async fn sequences(client: &Client) -> Result<Vec<String>, PostgresError> {
    let asked = format!(
        "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'S' AND {OURS} ORDER BY 1, 2"
    );
    let mut sequences = Vec::new();
    for row in rows(client, &asked).await? {
        let names: Vec<_> = row.into_iter().flatten().map(|name| ident(&name)).collect();
        let sequence = names.join(".");
        let now = rows(client, &format!("SELECT last_value, is_called FROM {sequence}")).await?;
        let fields: Vec<_> = now.into_iter().flatten().flatten().collect();
        if let [last, called] = &fields[..] {
            let called = if called == "t" { "true" } else { "false" };
            sequences.push(format!(
                "pg_catalog.setval({}, {last}, {called})",
                literal(&sequence)
            ));
        }
    }
    Ok(sequences)
}

async fn seeds(client: &Client) -> Result<Option<Vec<(String, Vec<u8>)>>, PostgresError> {
    let asked = format!("SELECT {}", filled());
    let filled = value(client, &asked).await?.unwrap_or_else(|| "[]".to_owned());
    let filled: Vec<Filled> = serde_json::from_str(&filled).unwrap_or_default();
    let mut seeds = Vec::new();
    let mut size = 0;
    for Filled { name, .. } in filled {
        let bytes = super::copy::copy_out(client, &name).await?;
        size += bytes.len();
        if size > MOST {
            return Ok(None);
        }
        seeds.push((name, bytes));
    }
    Ok(Some(seeds))
}

/// A table that holds rows, or held some since it was truncated.
#[derive(Debug, Deserialize)]
pub(crate) struct Filled {
    /// Quoted.
    pub(crate) name: String,
    pub(crate) bytes: u64,
}

/// The tables that hold rows, or held some since they were truncated, as a JSON list of [`Filled`].
pub(crate) fn filled() -> String {
    format!(
        "COALESCE((SELECT pg_catalog.json_agg(pg_catalog.json_build_object('name', pg_catalog.format('%I.%I', n.nspname, c.relname), \
         'bytes', pg_catalog.pg_relation_size(c.oid)) ORDER BY c.oid) FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace \
         WHERE c.relkind = 'r' AND c.relpersistence <> 't' AND {OURS} AND pg_catalog.pg_relation_size(c.oid) > 0), '[]')::text"
    )
}

/// The settings with a dot in their names that the schema asks for.
async fn custom(client: &Client) -> Result<Vec<String>, PostgresError> {
    let asked = format!(
        "SELECT DISTINCT pg_catalog.lower(found[1]) FROM ( \
           SELECT pg_catalog.concat(pg_catalog.pg_get_expr(polqual, polrelid), pg_catalog.pg_get_expr(polwithcheck, polrelid)) AS source FROM pg_catalog.pg_policy \
           UNION ALL SELECT p.prosrc FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace WHERE {OURS} \
           UNION ALL SELECT pg_catalog.pg_get_expr(adbin, adrelid) FROM pg_catalog.pg_attrdef \
         ) sources, pg_catalog.regexp_matches(source, 'current_setting\\(''([A-Za-z0-9_]+\\.[A-Za-z0-9_.]+)''', 'gi') AS found ORDER BY 1"
    );
    Ok(rows(client, &asked)
        .await?
        .into_iter()
        .flatten()
        .flatten()
        .collect())
}
