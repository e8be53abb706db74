use serde_json::Value;

use async_trait::async_trait;

use super::{Client, ClientClosed};
use crate::isolation::ScriptResult;
use crate::user::UserContext;

/// The context of an engine, as the code that it runs gets it.
pub trait ContextProbe {
    /// What the context shows.
    fn entries(&self) -> Value;

    /// Adds an entry, in the way in which code under the engine would. Returns the context that has it.
    fn with_entry(&self, key: &str, value: &str) -> Box<dyn ContextProbe>;

    /// The context of a part of the work, if contexts have children.
    fn child(&self, name: &str) -> Option<Box<dyn ContextProbe>>;
}

/// The channel to one user's client, which outlives a connection.
#[async_trait]
pub trait ChannelProbe: Send + Sync {
    /// Hands the channel the message of this number, which it has to deliver as it delivers events.
    ///
    /// # Errors
    ///
    /// Returns an error if the channel says that it will not deliver the message.
    async fn deliver(&self, number: u64) -> Result<(), ClientClosed>;

    /// Replaces the client. `received` is the number of the last message that the old one has received, or 0.
    ///
    /// # Errors
    ///
    /// Returns an error if the channel says that the new client is not connected.
    async fn reconnect(&self, client: Client, received: u64) -> Result<(), ClientClosed>;
}

/// A setting that every user who is there has.
pub trait SettingsProbe {
    /// Opens the session of a user.
    fn open<'a>(
        &'a self,
        context: &'a UserContext,
    ) -> std::pin::Pin<Box<dyn Future<Output = ScriptResult> + 'a>>;

    /// Sets the value for all users, those included whose session is opened meanwhile.
    fn update_all<'a>(&'a self, value: &'a str)
    -> std::pin::Pin<Box<dyn Future<Output = ScriptResult> + 'a>>;

    /// The value that a user has.
    fn value(&self, context: &UserContext) -> Option<String>;
}
