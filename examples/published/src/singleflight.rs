//! `async_singleflight` 0.4.0: where the call that does the work is dropped, those that wait for it do so for ever.

use std::convert::Infallible;
use std::time::Duration;

use ssot_harness::prelude::*;
use tokio::time::sleep;

use crate::Fault;

pub(crate) const FAULT: Fault = Fault {
    krate: "async_singleflight 0.4.0",
    what: "calls wait for ever for one that was dropped",
    link: "https://github.com/PureWhiteWu/async_singleflight/pull/3",
    kind: Kind::Hang,
    fix: "0.6.2, in which another call takes over",
    faulty: |run| {
        use singleflight_faulty::Group;
        run.of(isolation(async || Group::new()).users(
            2,
            async |user: &User, rates: &Group<String, Infallible>| {
                let (rate, ..) = rates.work("EUR", rate()).await;
                user.saw(Surface::Reply, &(rate, user.secret("card")));
                Ok(())
            },
        ))
    },
    fixed: |run| {
        use singleflight_fixed::DefaultGroup as Group;
        run.of(isolation(async || Group::new()).users(
            2,
            async |user: &User, rates: &Group<String, Infallible>| {
                let rate = rates.work("EUR", rate()).await.ok();
                user.saw(Surface::Reply, &(rate, user.secret("card")));
                Ok(())
            },
        ))
    },
};

/// What all who ask at the same time share.
async fn rate() -> Result<String, Infallible> {
    sleep(Duration::from_millis(20)).await; // the exchange
    Ok("1.09".to_owned())
}
