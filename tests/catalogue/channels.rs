//! What the check of channels finds of each way in which a reconnect can go wrong.

use std::sync::Mutex;

use ssot_harness::conformance::{ChannelProbe, Client, ClientClosed, Conformance, Promise, Subject};
use ssot_harness::isolation::ScriptError;
use ssot_harness::prelude::*;
use tokio::sync::Mutex as AsyncMutex;

/// A subject of which only the channels are checked.
#[derive(Clone, Copy)]
struct Channels(fn(Client) -> Box<dyn ChannelProbe>);

impl Subject for Channels {
    type Engine = ();

    async fn create(&self, _context: &UserContext, _client: Client) -> Result<(), ScriptError> {
        Ok(())
    }

    async fn run(&self, (): &(), prompt: &str) -> Result<String, ScriptError> {
        Ok(prompt.to_owned())
    }

    async fn close(&self, (): &()) -> ScriptResult {
        Ok(())
    }

    fn channel(&self, _context: &UserContext, client: Client) -> Option<Box<dyn ChannelProbe>> {
        Some((self.0)(client))
    }
}

fn kinds(channel: fn(Client) -> Box<dyn ChannelProbe>) -> Vec<Kind> {
    let checked = Conformance::new(async move || Channels(channel)).executions(200);
    checked.check(Promise::ReconnectsLoseNothing).kinds()
}

/// Keeps sending to the client that is gone, which is no error to it.
struct KeepsTheOld(Client);

#[async_trait]
impl ChannelProbe for KeepsTheOld {
    async fn deliver(&self, number: u64) -> Result<(), ClientClosed> {
        self.0.deliver_number(number).await.ok();
        Ok(())
    }

    async fn reconnect(&self, _client: Client, _received: u64) -> Result<(), ClientClosed> {
        Ok(())
    }
}

#[test]
fn what_is_sent_to_the_old_client_is_missing() {
    assert_eq!(
        kinds(|client| Box::new(KeepsTheOld(client))),
        [Kind::EventMissing]
    );
}

/// Keeps what was not accepted, and sends it after what comes later.
struct SendsLater {
    client: Mutex<Client>,
    kept: Mutex<Vec<u64>>,
}

impl SendsLater {
    fn client(&self) -> Client {
        self.client.lock().expect("nobody panics under it").clone()
    }
}

#[async_trait]
impl ChannelProbe for SendsLater {
    async fn deliver(&self, number: u64) -> Result<(), ClientClosed> {
        let sent = self.client().deliver_number(number).await;
        let mut kept: Vec<_> = std::mem::take(&mut *self.kept.lock().expect("nobody panics under it"));
        match sent {
            Err(ClientClosed) => kept.push(number),
            Ok(()) => {
                for number in kept.drain(..) {
                    self.client().deliver_number(number).await?;
                }
            }
        }
        self.kept.lock().expect("nobody panics under it").extend(kept);
        Ok(())
    }

    async fn reconnect(&self, client: Client, _received: u64) -> Result<(), ClientClosed> {
        *self.client.lock().expect("nobody panics under it") = client;
        Ok(())
    }
}

#[test]
fn what_is_sent_later_is_out_of_order() {
    let found = kinds(|client| {
        Box::new(SendsLater {
            client: Mutex::new(client),
            kept: Mutex::default(),
        })
    });
    assert_eq!(found[0], Kind::EventOutOfOrder, "{found:?}");
}

/// Refuses what it cannot send, which is told and so no loss.
struct Refuses(AsyncMutex<Client>);

#[async_trait]
impl ChannelProbe for Refuses {
    async fn deliver(&self, number: u64) -> Result<(), ClientClosed> {
        self.0.lock().await.deliver_number(number).await
    }

    async fn reconnect(&self, client: Client, _received: u64) -> Result<(), ClientClosed> {
        *self.0.lock().await = client;
        Ok(())
    }
}

#[test]
fn what_is_refused_is_not_missing() {
    assert_eq!(kinds(|client| Box::new(Refuses(AsyncMutex::new(client)))), []);
}
