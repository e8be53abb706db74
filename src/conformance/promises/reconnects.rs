use std::sync::Arc;

use crate::conformance::bench::{Bench, Needed};
use crate::conformance::findings::report;
use crate::conformance::visit::see_own;
use crate::conformance::{ChannelProbe, Client, ClientClosed, Conformance, Subject};
use crate::isolation::Check;
use crate::oracle::Kind;
use crate::trace::User;

/// How many messages are sent.
const MESSAGES: u64 = 4;

/// The client of a channel is cut and replaced at any moment while messages are sent; it receives each once and in order.
pub(super) fn check<S: Subject>(of: &Conformance<S>, needed: Needed) -> Check<Bench<S>> {
    of.facts(2, 1, async move |user: &User, bench: &Bench<S>| {
        see_own(user);
        let (first, second) = (bench.client(user), bench.client(user));
        let channel = bench.subject.channel(user.context(), first.clone());
        let Some(channel) = needed.or_note("channel", channel) else {
            return Ok(());
        };
        let channel: Arc<dyn ChannelProbe> = Arc::from(channel);
        let reconnecting = tokio::spawn({
            let (channel, first, second) = (Arc::clone(&channel), first.clone(), second.clone());
            async move {
                tokio::task::yield_now().await;
                first.cut();
                // What is on its way is refused from here on, so that this number stays the last.
                let received = first.received().last().copied().unwrap_or(0);
                reconnect(&*channel, second, received).await;
            }
        });
        let mut refused = Vec::new();
        for number in 1..=MESSAGES {
            if channel.deliver(number).await.is_err() {
                refused.push(number);
            }
        }
        reconnecting.await?;
        let expected: Vec<_> = (1..=MESSAGES)
            .filter(|number| !refused.contains(number))
            .collect();
        let received = [first.received(), second.received()].concat();
        judge(user, &received, &expected);
        Ok(())
    })
    .cancellations(0)
}

async fn reconnect(channel: &dyn ChannelProbe, client: Client, received: u64) {
    match channel.reconnect(client, received).await {
        // The new client is connected for good, so a failure is the channel's, and shows as messages that are missing.
        Ok(()) | Err(ClientClosed) => {}
    }
}

fn judge(user: &User, received: &[u64], expected: &[u64]) {
    let mut sorted = received.to_vec();
    sorted.sort_unstable();
    if let Some(&[twice, _]) = sorted.windows(2).find(|pair| pair[0] == pair[1]) {
        report(
            user,
            Kind::EventDuplicated,
            format!("the client received message {twice} twice"),
        );
    }
    if let Some(missing) = expected.iter().find(|number| !received.contains(number)) {
        let detail = format!("message {missing} was accepted, and the client did not receive it");
        report(user, Kind::EventMissing, detail);
    }
    if let Some(&[before, late]) = received.windows(2).find(|pair| pair[0] > pair[1]) {
        let detail = format!("the client received message {late} after message {before}");
        report(user, Kind::EventOutOfOrder, detail);
    }
}
