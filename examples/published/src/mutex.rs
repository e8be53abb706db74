//! tokio 0.2.2: a `Mutex::lock` that is dropped while it waits keeps its place, and nobody gets the lock any more.

use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::time::sleep;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "tokio 0.2.2",
    what: "a dropped `Mutex::lock` keeps its place in the queue",
    link: "https://github.com/tokio-rs/tokio/issues/1898",
    kind: Kind::Hang,
    fix: "tokio 1",
    faulty: |run| {
        use tokio_faulty::sync::Mutex;
        run.of(
            isolation(async || Mutex::new(0_u32)).users(3, async |user: &User, charged: &Mutex<u32>| {
                let mut charged = charged.lock().await;
                user.saw(Surface::Reply, &charge(user, &mut charged).await);
                Ok(())
            }),
        )
    },
    fixed: |run| {
        use tokio::sync::Mutex;
        run.of(
            isolation(async || Mutex::new(0_u32)).users(3, async |user: &User, charged: &Mutex<u32>| {
                let mut charged = charged.lock().await;
                user.saw(Surface::Reply, &charge(user, &mut charged).await);
                Ok(())
            }),
        )
    },
};

async fn charge(user: &User, charged: &mut u32) -> String {
    sleep(Duration::from_millis(20)).await; // the payment provider
    *charged += 1;
    format!("charged {}", user.secret("card"))
}
