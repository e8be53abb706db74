//! kanal 0.1.1: a receiver that was handed a message and is dropped before it is polled takes the message along.

use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::time::sleep;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "kanal 0.1.1",
    what: "a message that was handed to a dropped `recv` is lost",
    link: "https://github.com/fereidani/kanal/issues/24",
    kind: Kind::Hang,
    fix: "async-channel 2.5",
    faulty: |run| {
        run.of(try_isolation(async || {
            let (give, take) = kanal::bounded_async(1);
            give.send(Connection).await?;
            Ok::<_, kanal::SendError>((give, take))
        })
        .users(
            3,
            async |user: &User, (give, take): &(kanal::AsyncSender<_>, kanal::AsyncReceiver<_>)| {
                let lease = Lease(take.recv().await?, || {
                    assert!(matches!(give.try_send(Connection), Ok(true)));
                });
                user.saw(Surface::Reply, &lease.0.charge(user).await);
                Ok(())
            },
        ))
    },
    fixed: |run| {
        run.of(try_isolation(async || {
            let (give, take) = async_channel::bounded(1);
            give.send(Connection).await?;
            Ok::<_, async_channel::SendError<_>>((give, take))
        })
        .users(
            3,
            async |user: &User, (give, take): &(async_channel::Sender<_>, async_channel::Receiver<_>)| {
                let lease = Lease(take.recv().await?, || assert!(give.try_send(Connection).is_ok()));
                user.saw(Surface::Reply, &lease.0.charge(user).await);
                Ok(())
            },
        ))
    },
};

/// The only connection of a pool, which is a channel.
#[derive(Debug)]
struct Connection;

impl Connection {
    async fn charge(&self, user: &User) -> String {
        sleep(Duration::from_millis(20)).await; // the payment provider
        format!("charged {}", user.secret("card"))
    }
}

/// A connection that goes back to its pool when it is no longer used, also by a call that is dropped.
struct Lease<F: Fn()>(Connection, F);

impl<F: Fn()> Drop for Lease<F> {
    fn drop(&mut self) {
        (self.1)();
    }
}
