//! sentry-core 0.49.5: what a request adds to the scope of its thread is in the events of the other requests on that thread.

use std::sync::Arc;
use std::time::Duration;

use sentry_core::protocol::Value;
use sentry_core::test::TestTransport;
use sentry_core::{
    Breadcrumb, Client, ClientOptions, Hub, Level, SentryFutureExt as _, add_breadcrumb, capture_message,
};
use ssot_harness::prelude::*;
use tokio::time::sleep;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "sentry-core 0.49.5",
    what: "the thread's scope has what another request added to it",
    link: "https://github.com/getsentry/sentry-rust/issues/616",
    kind: Kind::ContextLeak,
    fix: "its `bind_hub`, with a hub for each request",
    faulty: |run| {
        run.of(
            isolation(async || Reports::open()).users(2, async |user: &User, reports: &Reports| {
                reports.charge(user).await;
                Ok(())
            }),
        )
    },
    fixed: |run| {
        run.of(
            isolation(async || Reports::open()).users(2, async |user: &User, reports: &Reports| {
                let hub = Hub::new_from_top(Hub::current());
                reports.charge(user).bind_hub(hub).await;
                Ok(())
            }),
        )
    },
};

/// Where an application's events go.
struct Reports(Arc<TestTransport>);

impl Reports {
    fn open() -> Self {
        let transport = TestTransport::new();
        let options = ClientOptions::new()
            .dsn("https://public@sentry.invalid/1")
            .transport(Arc::new(Arc::clone(&transport)));
        let hub = Hub::current();
        hub.configure_scope(sentry_core::Scope::clear);
        hub.bind_client(Some(Arc::new(Client::from(options))));
        Self(transport)
    }

    /// Charges a card, which fails, and shows the user what was reported of it.
    async fn charge(&self, user: &User) {
        add_breadcrumb(Breadcrumb {
            message: Some(format!("charges {}", user.secret("card"))),
            ..Breadcrumb::default()
        });
        sleep(Duration::from_millis(20)).await; // the payment provider
        capture_message("the charge has failed", Level::Error);
        for event in self.0.fetch_and_clear_events() {
            let crumbs = event.breadcrumbs.iter().filter_map(|crumb| crumb.message.clone());
            user.saw(Surface::Log, &crumbs.map(Value::from).collect::<Vec<_>>());
        }
    }
}
