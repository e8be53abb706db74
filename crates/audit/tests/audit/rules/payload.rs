//! Payloads.

use ssot_audit::{Confidence, Rule};

use super::found::places;
use crate::workspaces::Written;

#[test]
fn a_payload_is_assembled_and_named_in_one_place() {
    let written = Written::app(
        "//- src/lib.rs
pub mod events {
    pub enum Event { Started { run: u64 }, Done }
    pub mod names { pub const STARTED: &str = \"agent_started\"; pub const DONE: &str = \"agent_done\"; }
    pub mod make { pub fn done() -> super::Event { super::Event::Done } }
}
pub mod user {
    use crate::events::Event;
    pub fn a() -> Event { Event::Started { run: 1 } }
    pub fn b() -> Event { Event::Done }
    pub fn c(e: Event) -> bool { matches!(e, Event::Done) }
    pub fn d(e: Event) { match e { Event::Started { .. } => {} Event::Done => {} } }
    pub fn e() -> &'static str { \"agent_started\" }
    pub fn f() -> &'static str { crate::events::names::DONE }
    pub const COPY: &str = \"agent_done\";
    pub fn g(name: &str) -> bool { matches!(name, \"agent_started\") }
    pub fn h() { println!(\"agent_started or so\"); }
}
",
    );
    let report = written
        .audit()
        .payload("app::events::Event")
        .built_in("app::events")
        .names_in("app::events::names")
        .run()
        .expect("it runs");
    let payload = |place, target| (Rule::Payload, Confidence::Exact, place, target);
    let expected = [
        payload("app::user::a", "app::events::Event"),
        payload("app::user::b", "app::events::Event"),
        payload("app::user::e", "app::events::names::STARTED"),
        payload("app::user::COPY", "app::events::names::DONE"),
        payload("app::user::g", "app::events::names::STARTED"),
    ];
    assert_eq!(places(&report), expected);
}
