//! pingora-memory-cache 0.9.1: where the call that looks a key up is dropped, all that ask for the key wait for ever.

use std::sync::Arc;
use std::time::Duration;

use pingora_error::ErrorTrait;
use pingora_memory_cache::{Lookup, RTCache};
use ssot_harness::prelude::*;
use tokio::time::sleep;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "pingora-memory-cache 0.9.1",
    what: "the lock of a dropped look-up is never released",
    link: "https://github.com/cloudflare/pingora/issues/931",
    kind: Kind::Hang,
    fix: "a task for each `get`",
    faulty: |run| {
        run.of(
            isolation(async || Rates::new(16, None, None)).users(2, async |user: &User, rates: &Rates| {
                let (rate, _) = rates.get(&EURO, None, None).await;
                user.saw(Surface::Reply, &(rate?, user.secret("card")));
                Ok(())
            }),
        )
    },
    fixed: |run| {
        run.of(isolation(async || Arc::new(Rates::new(16, None, None))).users(
            2,
            async |user: &User, rates: &Arc<Rates>| {
                let rates = Arc::clone(rates);
                let get = tokio::spawn(async move { rates.get(&EURO, None, None).await });
                let (rate, _) = get.await?;
                user.saw(Surface::Reply, &(rate?, user.secret("card")));
                Ok(())
            },
        ))
    },
};

type Rates = RTCache<&'static str, u32, Exchange, ()>;

const EURO: &str = "EUR";

/// Where a rate is looked up.
struct Exchange;

#[async_trait]
impl Lookup<&'static str, u32, ()> for Exchange {
    async fn lookup(
        _: &&'static str,
        _: Option<&()>,
    ) -> Result<(u32, Option<Duration>), Box<dyn ErrorTrait + Send + Sync>> {
        sleep(Duration::from_millis(20)).await; // the exchange
        Ok((109, None))
    }
}
