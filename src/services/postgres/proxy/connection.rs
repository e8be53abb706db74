use std::collections::{BTreeMap, BTreeSet};
use std::io;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender};
use tokio::sync::oneshot;
use tokio::time::{Instant, sleep_until, timeout};

use super::framing::{Incoming, Turns, first_column, text_message};
use super::session::{Session, probe};
use super::upstream::{Stream, Upstream};

/// Codes that stand in the place of a version in the first message of a client.
const TLS: u32 = 80_877_103;
const GSS: u32 = 80_877_104;
const CANCEL: u32 = 80_877_102;

/// What a client has sent is read before a query is put in between.
const FIRST: Duration = Duration::from_millis(1);

/// How long an answer may take where the client has gone.
const FAREWELL: Duration = Duration::from_millis(500);

/// So many connections that were closed are remembered.
const CLOSED: usize = 64;

/// The longest text of a query in which names of settings are looked for.
const LONGEST: usize = 16_384;

/// What is asked of a connection.
pub(super) enum Ask {
    /// What it keeps; `None` where it is busy.
    Session(oneshot::Sender<Session>),
    Close,
}

/// What is known of the connections to one database.
#[derive(Debug, Default)]
pub(super) struct Connections {
    open: Mutex<BTreeMap<u64, UnboundedSender<Ask>>>,
    closed: Mutex<Vec<Session>>,
    /// Settings that only the system knows, as its queries and the schema name them.
    custom: Mutex<BTreeSet<String>>,
}

impl Connections {
    pub(super) fn knows(&self, custom: impl IntoIterator<Item = String>) {
        let mut known = self.custom.lock().unwrap_or_else(PoisonError::into_inner);
        known.extend(custom);
    }

    pub(super) fn custom(&self) -> BTreeSet<String> {
        self.custom.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub(super) fn open(&self, number: u64, asked: UnboundedSender<Ask>) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(number, asked);
    }

    pub(super) fn close(&self, number: u64) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&number);
    }

    pub(super) fn all(&self) -> Vec<(u64, UnboundedSender<Ask>)> {
        let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        open.iter()
            .map(|(number, asked)| (*number, asked.clone()))
            .collect()
    }

    /// The connections that were closed since this was called last, as they were then.
    pub(super) fn take_closed(&self) -> Vec<Session> {
        std::mem::take(&mut *self.closed.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn note_closed(&self, session: Session) {
        let mut closed = self.closed.lock().unwrap_or_else(PoisonError::into_inner);
        if closed.len() < CLOSED {
            closed.push(session);
        }
    }
}

/// Passes on what a client and the server say until one of them goes.
pub(super) async fn serve(
    mut client: TcpStream,
    upstream: &Upstream,
    connections: &Connections,
    mut asked: UnboundedReceiver<Ask>,
) -> io::Result<()> {
    client.set_nodelay(true)?;
    let greeting = loop {
        let mut length = [0; 4];
        client.read_exact(&mut length).await?;
        let rest = usize::try_from(u32::from_be_bytes(length))
            .unwrap_or(0)
            .clamp(8, 65_536)
            - 4;
        let mut greeting = length.to_vec();
        greeting.resize(4 + rest, 0);
        client.read_exact(&mut greeting[4..]).await?;
        let code = greeting[4..8]
            .iter()
            .fold(0, |code, &byte| code << 8 | u32::from(byte));
        match code {
            TLS | GSS => client.write_all(b"N").await?,
            CANCEL => return upstream.connect().await?.write_all(&greeting).await,
            _ => break greeting,
        }
    };
    let mut server = upstream.connect().await?;
    server.write_all(&greeting).await?;
    let mut turns = Turns::begun();
    let (mut by_client, mut by_server) = (Incoming::default(), Incoming::default());
    let (mut from_client, mut from_server) = (vec![0; 16_384], vec![0; 16_384]);
    let mut waiting: Option<(oneshot::Sender<Session>, Instant)> = None;
    loop {
        let due = waiting.as_ref().map(|(_, due)| *due);
        tokio::select! {
            biased;
            read = client.read(&mut from_client) => {
                let read = read.unwrap_or(0);
                by_client.push(&from_client[..read]);
                let mut is_over = read == 0;
                let mut names = Vec::new();
                let messages = by_client.take(|kind, body| {
                    turns.by_client(kind);
                    is_over |= kind == b'X';
                    if matches!(kind, b'Q' | b'P') {
                        names.extend(settings(body));
                    }
                });
                connections.knows(names);
                if is_over {
                    let asked = farewell(&mut server, &turns, connections);
                    // A client that has gone does not wait.
                    if let Ok(Ok(Some(session))) = timeout(FAREWELL, asked).await {
                        connections.note_closed(session);
                    }
                    server.write_all(&messages).await?;
                    return server.shutdown().await;
                }
                server.write_all(&messages).await?;
            }
            read = server.read(&mut from_server) => {
                let read = read?;
                if read == 0 {
                    return client.shutdown().await;
                }
                by_server.push(&from_server[..read]);
                let messages = by_server.take(|kind, body| turns.by_server(kind, body));
                client.write_all(&messages).await?;
            }
            ask = asked.recv() => match ask {
                Some(Ask::Session(tell)) => waiting = Some((tell, Instant::now() + FIRST)),
                Some(Ask::Close) | None => return Ok(()),
            },
            () = sleep_until(due.unwrap_or_else(Instant::now)), if due.is_some_and(|due| due > Instant::now()) => {}
        }
        let is_quiet = turns.is_idle() && by_client.is_empty() && by_server.is_empty();
        if let Some((tell, _)) = waiting.take_if(|(_, due)| is_quiet && *due <= Instant::now()) {
            let session = ask(&mut server, Some(&mut client), &turns, &connections.custom()).await?;
            if let Some(session) = session {
                // Who asked may not wait any more.
                drop(tell.send(session));
            }
        }
    }
}

/// What a connection keeps when its client has gone.
async fn farewell(
    server: &mut Box<dyn Stream>,
    turns: &Turns,
    connections: &Connections,
) -> io::Result<Option<Session>> {
    if turns.is_idle() {
        ask(server, None::<&mut TcpStream>, turns, &connections.custom()).await
    } else {
        Ok(None)
    }
}

/// Puts a query between those of the client.
async fn ask(
    server: &mut (impl AsyncRead + AsyncWrite + Unpin),
    mut client: Option<&mut (impl AsyncWrite + Unpin)>,
    turns: &Turns,
    custom: &BTreeSet<String>,
) -> io::Result<Option<Session>> {
    if turns.status() == b'E' {
        return Ok(Some(Session::default().in_transaction(turns.status())));
    }
    server.write_all(&text_message(b'Q', &probe(custom))).await?;
    let mut incoming = Incoming::default();
    let mut buffer = vec![0; 16_384];
    let mut answer = None;
    loop {
        while let Some(message) = incoming.take_one() {
            match message[0] {
                b'D' => answer = first_column(&message[5..]),
                // Not an answer, but what the server says by itself.
                b'A' | b'N' | b'S' => {
                    if let Some(client) = &mut client {
                        client.write_all(&message).await?;
                    }
                }
                b'Z' => {
                    let session = answer.and_then(|answer| serde_json::from_str(&answer).ok());
                    return Ok(session.map(|session: Session| session.in_transaction(turns.status())));
                }
                _ => {}
            }
        }
        let read = server.read(&mut buffer).await?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        incoming.push(&buffer[..read]);
    }
}

/// The settings with a dot in their names that a query sets: the server lists those that it knows itself.
fn settings(query: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(&query[..query.len().min(LONGEST)])
        .to_ascii_lowercase()
        .replace('"', "");
    let name = |text: &str| {
        let name: String = text
            .chars()
            .take_while(|c| c.is_alphanumeric() || matches!(c, '_' | '.'))
            .collect();
        name.contains('.').then_some(name)
    };
    let calls = text
        .split("set_config(")
        .skip(1)
        .filter_map(|rest| name(rest.trim_start().strip_prefix('\'')?));
    let commands = text.split("set ").skip(1).filter_map(|rest| {
        let rest = rest.trim_start();
        let rest = rest
            .strip_prefix("session ")
            .or(rest.strip_prefix("local "))
            .unwrap_or(rest);
        name(rest.trim_start())
    });
    calls.chain(commands).collect()
}

#[cfg(test)]
mod tests {
    use super::settings;

    #[test]
    fn settings_of_queries_are_found() {
        let names = |query: &str| settings(query.as_bytes());
        assert_eq!(
            names("SET app.\"user\" = 'ada'; SET LOCAL App.Tenant TO 7"),
            ["app.user", "app.tenant"]
        );
        assert_eq!(names("SELECT set_config( 'app.user', $1, false)"), ["app.user"]);
        assert_eq!(names("UPDATE t SET name = 1; SET search_path = a"), [""; 0]);
    }
}
