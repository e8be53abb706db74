//! The rows of a table as bytes.

use std::io::Cursor;
use std::pin::pin;

use futures_util::{SinkExt as _, TryStreamExt as _};
use tokio_postgres::Client;

use crate::services::postgres::error::PostgresError;

/// The rows of a table, as `COPY` writes them.
pub(super) async fn copy_out(client: &Client, table: &str) -> Result<Vec<u8>, PostgresError> {
    let stream = client
        .copy_out(&format!("COPY {table} TO STDOUT (FORMAT binary)"))
        .await?;
    let mut stream = pin!(stream);
    let mut bytes = Vec::new();
    while let Some(chunk) = stream.try_next().await? {
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Puts rows into a table.
pub(super) async fn copy_in(client: &Client, table: &str, bytes: &[u8]) -> Result<(), PostgresError> {
    let sink = client
        .copy_in::<_, Cursor<Vec<u8>>>(&format!("COPY {table} FROM STDIN (FORMAT binary)"))
        .await?;
    let mut sink = pin!(sink);
    sink.send(Cursor::new(bytes.to_vec())).await?;
    sink.finish().await?;
    Ok(())
}
