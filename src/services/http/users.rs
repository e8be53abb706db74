use super::application::Application;
use super::client::HttpClient;
use super::state::ClientState;
use crate::case::Case;
use crate::trace::User;

impl User {
    /// A client of this user for an HTTP application, over a stream in memory: no socket is opened, and whatever comes back is
    /// observed. See [`services::http`](crate::services::http).
    ///
    /// `app` is a reference to a tower or hyper service of HTTP requests (an axum `Router`), or a closure that serves one stream.
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// use serde_json::{Value, json};
    ///
    /// # async fn script<A, M>(user: &User, app: A) -> ScriptResult
    /// # where A: ssot_harness::services::http::Application<M>
    /// # {
    /// let http = user.http(app);
    /// http.post("/login").json(&json!({ "user": user.id(), "password": user.secret("password") })).await?;
    /// let orders: Value = http.get("/orders").await?.json()?;
    /// # Ok(())
    /// # }
    /// ```
    pub fn http<M>(&self, app: impl Application<M>) -> HttpClient {
        HttpClient::new(ClientState::here(self.observer(), app.connector()))
    }

    /// The same for an application that listens at an address, `http://127.0.0.1:8080`, by sockets and without TLS. A check that uses it runs on
    /// real sockets; see [`Check::real_io`](crate::isolation::Check::real_io).
    #[must_use]
    pub fn http_at(&self, url: &str) -> HttpClient {
        HttpClient::new(ClientState::at(self.observer(), url))
    }
}

impl Case {
    /// A client of the test's first user for an HTTP application: see [`User::http`]. A test with several users calls that.
    ///
    /// ```
    /// # use ssot_harness::prelude::*;
    /// # async fn body<A, M>(case: &Case, app: A) -> CaseResult
    /// # where A: ssot_harness::services::http::Application<M>
    /// # {
    /// let reply = case.http(app).get("/health").await?;
    /// assert_eq!(reply.status(), 200);
    /// # Ok(())
    /// # }
    /// ```
    pub fn http<M>(&self, app: impl Application<M>) -> HttpClient {
        let [user] = self.users();
        user.http(app)
    }
}
