//! async-memcached 0.4.0: a `get` that is dropped leaves its value for the next one.

use std::collections::HashMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex as Rows};

use ssot_harness::prelude::*;
use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufStream};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Mutex;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "async-memcached 0.4.0",
    what: "the value for a dropped `get` is the value for the next one",
    link: "https://github.com/Shopify/async-memcached/pull/88",
    kind: Kind::ContextLeak,
    fix: "0.9.0, which closes the connection",
    faulty: |run| {
        use memcached_faulty::Client;
        run.of(try_isolation(async || {
            let server = Server::open().await?;
            let client = Client::new(server.url()).await?;
            Ok::<_, memcached_faulty::Error>((server, Mutex::new(client)))
        })
        .users(
            2,
            async |user: &User, (server, client): &(Server, Mutex<Client>)| {
                server.put(user);
                let value = client.lock().await.get(user.id().to_string()).await?;
                user.saw(Surface::Reply, &text(value.map(|value| value.data)));
                Ok(())
            },
        )
        .sockets())
    },
    fixed: |run| {
        use memcached_fixed::{AsciiProtocol, Client};
        run.of(try_isolation(async || {
            let server = Server::open().await?;
            let client = Client::new(server.url()).await?;
            Ok::<_, memcached_fixed::Error>((server, Mutex::new(client)))
        })
        .users(
            2,
            async |user: &User, (server, client): &(Server, Mutex<Client>)| {
                server.put(user);
                let mut client = client.lock().await;
                if client.is_closed() {
                    *client = Client::new(server.url()).await?;
                }
                let value = client.get(user.id().to_string()).await?;
                user.saw(Surface::Reply, &text(value.and_then(|value| value.data)));
                Ok(())
            },
        )
        .sockets())
    },
};

fn text(data: Option<Vec<u8>>) -> Option<String> {
    data.map(|data| String::from_utf8_lossy(&data).into_owned())
}

/// A server that answers `get`.
struct Server {
    address: SocketAddr,
    rows: Arc<Rows<HashMap<String, String>>>,
}

impl Server {
    async fn open() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let server = Self {
            address: listener.local_addr()?,
            rows: Arc::default(),
        };
        let rows = Arc::clone(&server.rows);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&rows)));
            }
        });
        Ok(server)
    }

    fn url(&self) -> String {
        format!("tcp://{}", self.address)
    }

    /// What an earlier request has stored.
    fn put(&self, user: &User) {
        let row = (user.id().to_string(), user.secret("card"));
        self.rows.lock().unwrap().extend([row]);
    }
}

/// Answers until the client goes away.
async fn serve(stream: TcpStream, rows: Arc<Rows<HashMap<String, String>>>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut stream = BufStream::new(stream);
    let mut line = String::new();
    while stream.read_line(&mut line).await? > 0 {
        let key = line.trim_end().trim_start_matches("get ").to_owned();
        line.clear();
        let row = rows.lock().unwrap().get(&key).cloned().unwrap_or_default();
        let answer = format!("VALUE {key} 0 {}\r\n{row}\r\nEND\r\n", row.len());
        stream.write_all(answer.as_bytes()).await?;
        stream.flush().await?;
    }
    Ok(())
}
