use std::any;
use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use wiremock::matchers::any;
use wiremock::{Match, Mock, Request, Respond, ResponseTemplate};

use super::Unmatched;

/// What is asked last: no mock of the test was for the request.
const LAST: u8 = u8::MAX;

/// A server of mocks. Clones are the same server, which stops with the last of them.
#[derive(Clone, Debug)]
pub struct MockServer {
    server: Arc<wiremock::MockServer>,
    requests: Requests,
}

/// What the mocks are for, and the requests that none of them was for.
#[derive(Clone, Default)]
pub(super) struct Requests(Arc<Mutex<State>>);

#[derive(Default)]
struct State {
    mocks: Vec<Named>,
    unmatched: Vec<String>,
}

/// A mock by its name, with its conditions.
struct Named {
    name: String,
    conditions: Vec<Condition>,
}

#[derive(Clone)]
struct Condition {
    /// The name of its type.
    name: &'static str,
    holds: Arc<dyn Match>,
}

impl MockServer {
    /// Starts a server, which nobody asks at the end whether there was a mock for every request.
    pub async fn start() -> Self {
        Self::prepare().0.await
    }

    /// A server that is to be started, and its requests.
    pub(super) fn prepare() -> (impl Future<Output = Self> + Send, Requests) {
        let requests = Requests::default();
        let of_server = requests.clone();
        let started = async move {
            let server = wiremock::MockServer::builder().start().await;
            let rest = of_server.clone();
            let rest = Mock::given(any()).respond_with(move |request: &Request| rest.refuse(request));
            rest.with_priority(LAST).mount(&server).await;
            Self {
                server: Arc::new(server),
                requests: of_server,
            }
        };
        (started, requests)
    }

    /// Begins a mock with a condition: one of [`wiremock::matchers`], or a function of the request.
    pub fn given<M: Match + 'static>(&self, condition: M) -> MockBuilder<'_> {
        let number = self.requests.with(|state| state.mocks.len() + 1);
        let builder = MockBuilder {
            server: self,
            name: format!("mock {number}"),
            conditions: Vec::new(),
        };
        builder.and(condition)
    }

    /// The address: `http://127.0.0.1:40123`.
    #[must_use]
    pub fn uri(&self) -> String {
        self.server.uri()
    }

    /// The server below, for what it offers beside.
    #[must_use]
    pub fn wiremock(&self) -> &wiremock::MockServer {
        &self.server
    }

    /// Whether there was a mock for every request.
    ///
    /// # Errors
    ///
    /// The requests that none was for, each with the nearest mock.
    pub fn verify(&self) -> Result<(), Unmatched> {
        self.requests.verify()
    }
}

impl Requests {
    fn with<T>(&self, f: impl FnOnce(&mut State) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    pub(super) fn verify(&self) -> Result<(), Unmatched> {
        Unmatched::of(self.with(|state| state.unmatched.clone()))
    }

    fn refuse(&self, request: &Request) -> ResponseTemplate {
        let what = self.with(|state| {
            let what = nearest(&state.mocks, request);
            state.unmatched.push(what.clone());
            what
        });
        ResponseTemplate::new(404).set_body_string(what)
    }
}

impl fmt::Debug for Requests {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Requests").finish_non_exhaustive()
    }
}

/// What was asked for, and the mock of which the fewest conditions do not hold.
fn nearest(mocks: &[Named], request: &Request) -> String {
    let path = &request.url[url::Position::BeforePath..];
    let body = String::from_utf8_lossy(&request.body);
    let asked = format!("{} {path} with the body {body:?}", request.method);
    let differences = mocks.iter().map(|mock| {
        let conditions = mock.conditions.iter();
        let differing = conditions.filter(|condition| !condition.holds.matches(request));
        let differing: Vec<_> = differing.map(|condition| condition.name).collect();
        (mock, differing)
    });
    match differences.min_by_key(|(_, differing)| differing.len()) {
        None => format!("no mock is for {asked}: there are no mocks, add one with `given`"),
        Some((mock, differing)) if differing.is_empty() => {
            format!(
                "no mock is for {asked}; {} is, but it has answered as often as it may",
                mock.name
            )
        }
        Some((mock, differing)) => {
            let which = differing.join(", ");
            format!(
                "no mock is for {asked}; the nearest is {}, where this does not hold: {which}",
                mock.name
            )
        }
    }
}

/// All conditions of a mock.
struct All(Vec<Condition>);

impl Match for All {
    fn matches(&self, request: &Request) -> bool {
        self.0.iter().all(|condition| condition.holds.matches(request))
    }
}

/// A mock that has no answer yet: see [`MockServer::given`].
#[must_use = "a mock without an answer is none"]
pub struct MockBuilder<'s> {
    server: &'s MockServer,
    name: String,
    conditions: Vec<Condition>,
}

impl MockBuilder<'_> {
    /// Adds a condition.
    pub fn and<M: Match + 'static>(mut self, condition: M) -> Self {
        let path = any::type_name::<M>();
        let name = path.rsplit("::").next().unwrap_or(path);
        self.conditions.push(Condition {
            name: if name.starts_with('{') { "a function" } else { name },
            holds: Arc::new(condition),
        });
        self
    }

    /// Calls the mock so where it is named.
    pub fn named(mut self, name: impl Into<String>) -> Self {
        self.name = name.into();
        self
    }

    /// Answers the requests for which all conditions hold.
    pub async fn respond_with<R: Respond + 'static>(self, reply: R) {
        self.mount(reply, None).await;
    }

    /// The same, so many times at the most.
    pub async fn respond_at_most<R: Respond + 'static>(self, times: u64, reply: R) {
        self.mount(reply, Some(times)).await;
    }

    async fn mount<R: Respond + 'static>(self, reply: R, times: Option<u64>) {
        let Self {
            server,
            name,
            conditions,
        } = self;
        let mut mock = Mock::given(All(conditions.clone()))
            .respond_with(reply)
            .named(name.clone());
        if let Some(times) = times {
            mock = mock.up_to_n_times(times);
        }
        server
            .requests
            .with(|state| state.mocks.push(Named { name, conditions }));
        mock.mount(&server.server).await;
    }
}

impl fmt::Debug for MockBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MockBuilder")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}
