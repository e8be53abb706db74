use std::borrow::Borrow;

use super::error::ProtocolError;
use super::protocol::Protocol;
use crate::trace::{Observations, Surface};

impl Observations<'_> {
    /// Checks that the events among them, those on the surface [`Event`](Surface::Event), follow a protocol from beginning to end.
    ///
    /// ```no_run
    /// # use ssot_harness::events::{Protocol, ProtocolError};
    /// # use ssot_harness::prelude::*;
    /// # fn check(case: &Case, ada: &User) -> Result<(), ProtocolError> {
    /// case.trace().of(ada).must_follow(Protocol::agent_run())?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    ///
    /// The first event that does not follow it, what is missing at the end, or that there was no event.
    pub fn must_follow(self, protocol: impl Borrow<Protocol>) -> Result<(), ProtocolError> {
        let events = self.filter(|seen| seen.surface() == Surface::Event);
        protocol
            .borrow()
            .check_values(events.map(|seen| Ok((seen.value(), seen.at()))), true)
    }
}
