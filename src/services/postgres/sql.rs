//! Texts of SQL.

use tokio_postgres::{Client, SimpleQueryMessage};

use super::error::PostgresError;

/// An identifier, quoted.
pub(super) fn ident(name: &str) -> String {
    format!("\"{}\"", name.replace('"', "\"\""))
}

/// A literal, quoted.
pub(super) fn literal(text: &str) -> String {
    let quoted = text.replace('\'', "''");
    if quoted.contains('\\') {
        format!("E'{}'", quoted.replace('\\', "\\\\"))
    } else {
        format!("'{quoted}'")
    }
}

/// A list of identifiers or literals.
pub(super) fn list<'t>(
    texts: impl IntoIterator<Item = &'t (impl AsRef<str> + 't + ?Sized)>,
    quote: fn(&str) -> String,
) -> String {
    let quoted: Vec<_> = texts.into_iter().map(|text| quote(text.as_ref())).collect();
    quoted.join(", ")
}

/// The rows of the last statement that has any, as text.
pub(super) async fn rows(client: &Client, sql: &str) -> Result<Vec<Vec<Option<String>>>, PostgresError> {
    let messages = client.simple_query(sql).await?;
    let rows = messages.iter().filter_map(|message| match message {
        SimpleQueryMessage::Row(row) => Some(
            (0..row.len())
                .map(|column| row.get(column).map(str::to_owned))
                .collect(),
        ),
        _ => None,
    });
    Ok(rows.collect())
}

/// The one value of the last row, as text.
pub(super) async fn value(client: &Client, sql: &str) -> Result<Option<String>, PostgresError> {
    let rows = rows(client, sql).await?;
    Ok(rows
        .into_iter()
        .next_back()
        .and_then(|row| row.into_iter().next())
        .flatten())
}

#[cfg(test)]
mod tests {
    use super::{ident, list, literal};

    #[test]
    fn names_and_texts_are_quoted() {
        assert_eq!(ident(r#"my "table""#), r#""my ""table""""#);
        assert_eq!(literal("it's"), "'it''s'");
        assert_eq!(literal(r"a\'b"), r"E'a\\''b'");
        assert_eq!(list(["a", "B"], ident), r#""a", "B""#);
    }
}
