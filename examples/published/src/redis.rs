//! redis 0.21.7: a call of `aio::Connection` that is dropped leaves its reply for the next one.

use std::collections::HashMap;
use std::sync::{Arc, Mutex as Rows};

use redis::aio::{Connection, MultiplexedConnection};
use redis::{RedisConnectionInfo, RedisResult};
use ssot_harness::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufStream, DuplexStream, duplex};
use tokio::sync::Mutex;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "redis 0.21.7",
    what: "the reply to a dropped call is the reply to the next one",
    link: "https://github.com/redis-rs/redis-rs/issues/325",
    kind: Kind::ContextLeak,
    fix: "its `MultiplexedConnection`",
    faulty: |run| {
        run.of(try_isolation(Cache::<Connection<DuplexStream>>::open).users(
            2,
            async |user: &User, cache: &Cache<_>| {
                cache.put(user);
                let mut connection = cache.connection.lock().await;
                let card: String = get(user).query_async(&mut *connection).await?;
                user.saw(Surface::Reply, &card);
                Ok(())
            },
        ))
    },
    fixed: |run| {
        run.of(try_isolation(Cache::<MultiplexedConnection>::open).users(
            2,
            async |user: &User, cache: &Cache<_>| {
                cache.put(user);
                let mut connection = cache.connection.lock().await;
                let card: String = get(user).query_async(&mut *connection).await?;
                user.saw(Surface::Reply, &card);
                Ok(())
            },
        ))
    },
};

fn get(user: &User) -> redis::Cmd {
    redis::Cmd::get(user.id().to_string())
}

/// An application whose requests share one connection to a server.
struct Cache<C> {
    connection: Mutex<C>,
    rows: Arc<Rows<HashMap<String, String>>>,
}

impl<C> Cache<C> {
    /// What an earlier request has stored.
    fn put(&self, user: &User) {
        let row = (user.id().to_string(), user.secret("card"));
        self.rows.lock().unwrap().extend([row]);
    }
}

impl Cache<Connection<DuplexStream>> {
    async fn open() -> RedisResult<Self> {
        let (stream, rows) = served();
        let connection = Connection::new(&settings(), stream).await?;
        Ok(Self {
            connection: Mutex::new(connection),
            rows,
        })
    }
}

impl Cache<MultiplexedConnection> {
    async fn open() -> RedisResult<Self> {
        let (stream, rows) = served();
        let (connection, driver) = MultiplexedConnection::new(&settings(), stream).await?;
        tokio::spawn(driver);
        Ok(Self {
            connection: Mutex::new(connection),
            rows,
        })
    }
}

fn settings() -> RedisConnectionInfo {
    RedisConnectionInfo {
        db: 0,
        username: None,
        password: None,
    }
}

/// A stream to a server that answers `GET`, and its rows.
fn served() -> (DuplexStream, Arc<Rows<HashMap<String, String>>>) {
    let (client, server) = duplex(1024);
    let rows = Arc::<Rows<HashMap<String, String>>>::default();
    tokio::spawn(serve(server, Arc::clone(&rows)));
    (client, rows)
}

/// Answers until the client goes away.
async fn serve(stream: DuplexStream, rows: Arc<Rows<HashMap<String, String>>>) -> std::io::Result<()> {
    let mut stream = BufStream::new(stream);
    loop {
        let mut words = Vec::new();
        for _ in 0..number(&mut stream).await? {
            let mut word = vec![0; number(&mut stream).await?];
            stream.read_exact(&mut word).await?;
            stream.read_u16().await?;
            words.push(String::from_utf8_lossy(&word).into_owned());
        }
        let row = rows.lock().unwrap().get(&words[1]).cloned().unwrap_or_default();
        stream
            .write_all(format!("${}\r\n{row}\r\n", row.len()).as_bytes())
            .await?;
        stream.flush().await?;
    }
}

/// The number in a line such as `*2` or `$3`.
async fn number(stream: &mut BufStream<DuplexStream>) -> std::io::Result<usize> {
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let digits = line.get(1..).unwrap_or_default().trim_end();
    digits.parse().map_err(std::io::Error::other)
}
