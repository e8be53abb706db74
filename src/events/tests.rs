use std::time::Duration;

use serde_json::{Value, json};

use super::{Protocol, either, seq};
use crate::oracle::Kind;

/// Events by a short notation: `placed 1` has the id 1.
fn events(text: &str) -> Vec<Value> {
    let event = |event: &str| match event.trim().split_once(' ') {
        Some((name, id)) => json!({ "type": name, "id": id }),
        None => json!({ "type": event.trim() }),
    };
    text.split(',').map(event).collect()
}

/// What is wrong with a stream, with its kind.
fn wrong(protocol: &Protocol, text: &str) -> String {
    match protocol.check(events(text)) {
        Ok(()) => "follows".to_owned(),
        Err(error) => {
            let kind = error.kind().map_or("misuse", Kind::as_str);
            format!("{kind}: {error}")
        }
    }
}

#[test]
fn each_way_to_leave_a_sequence_has_its_kind() {
    let protocol = Protocol::new("run")
        .sequence("started thinking* done")
        .nothing_after("done");
    for (stream, said) in [
        ("started,thinking,thinking,done", "follows"),
        ("started,done", "follows"),
        (
            "started,thinking",
            "event-missing: protocol run: the stream ends too early; expected there: done, thinking",
        ),
        (
            "thinking,started,done",
            "event-out-of-order: protocol run: event 1, thinking, comes before started (event 2); expected there: started",
        ),
        (
            "thinking,done",
            "event-missing: protocol run: event 1, thinking, comes where another is missing; expected there: started",
        ),
        (
            "started,started,done",
            "event-duplicated: protocol run: event 2, started, comes once more; expected there: done, thinking",
        ),
        (
            "started,done,thinking",
            "event-after-terminal: protocol run: event 3, thinking, comes after done, which is the last",
        ),
        (
            "started,dnoe",
            "event-malformed: protocol run: event 2, dnoe, is no event of this protocol; expected there: done, started, thinking",
        ),
    ] {
        assert_eq!(wrong(&protocol, stream), said, "{stream}");
    }
}

#[test]
fn what_belongs_to_ids_interleaves_and_is_closed() {
    let protocol = Protocol::new("orders")
        .keyed("id", seq(["placed", "paid", either("shipped", "refunded")]))
        .all_closed_before("day_closed");
    for (stream, said) in [
        (
            "placed 1,placed 2,paid 2,paid 1,refunded 1,shipped 2,day_closed",
            "follows",
        ),
        (
            "placed 1,shipped 1",
            "event-missing: protocol orders: event 2, shipped, comes where another is missing, for id 1; expected there: paid",
        ),
        (
            "placed 1,placed 2,shipped 1,paid 2,paid 1",
            "event-out-of-order: protocol orders: event 3, shipped, comes before paid (event 5), for id 1; expected there: paid",
        ),
        (
            "placed 1,paid 1,paid 1",
            "event-duplicated: protocol orders: event 3, paid, comes once more, for id 1; expected there: refunded, shipped",
        ),
        (
            "placed 1,paid 1,shipped 1,refunded 1",
            "event-after-terminal: protocol orders: event 4, refunded, comes after the last, for id 1",
        ),
        (
            "placed 1,placed 2,paid 2,day_closed",
            "event-missing: protocol orders: event 4, day_closed, comes before everything is closed; open: id 1, after placed; id 2, after paid",
        ),
        (
            "placed 1,paid 1",
            "event-missing: protocol orders: the stream ends before everything is closed; open: id 1, after paid",
        ),
        (
            "placed",
            "event-malformed: protocol orders: event 1, placed, lacks the id `id`",
        ),
    ] {
        assert_eq!(wrong(&protocol, stream), said, "{stream}");
    }
}

#[test]
fn what_is_nested_lies_within_its_owner() {
    let protocol = Protocol::new("runs")
        .keyed("run", "opened closed")
        .keyed("tool", "called returned")
        .nested_in("run");
    let run = |kind: &str| json!({ "type": kind, "run": 1 });
    let tool = |kind: &str| json!({ "type": kind, "tool": "t", "run": 1 });
    protocol
        .check([run("opened"), tool("called"), tool("returned"), run("closed")])
        .unwrap();
    let kind_of = |events: &[Value]| protocol.check(events).unwrap_err().kind().unwrap();
    assert_eq!(
        kind_of(&[tool("called"), tool("returned")]),
        Kind::EventOutOfOrder
    );
    assert_eq!(
        kind_of(&[run("opened"), run("closed"), tool("called")]),
        Kind::EventOutOfOrder
    );
    let error = protocol
        .check([run("opened"), tool("called"), run("closed"), tool("returned")])
        .unwrap_err();
    assert_eq!(
        (error.kind(), error.number()),
        (Some(Kind::EventMissing), Some(3))
    );
    assert_eq!(error.open(), ["tool t, after called"]);
    assert_eq!(
        kind_of(&[run("opened"), json!({ "type": "called", "tool": "t" })]),
        Kind::EventMalformed
    );
}

#[test]
fn fields_and_types_are_read_where_they_stand() {
    let protocol = Protocol::new("bills")
        .type_at("/head/kind")
        .sequence("paid+")
        .fields("paid", ["sum", "/head/by"]);
    let paid = json!({ "head": { "kind": "paid", "by": "ada" }, "sum": 3 });
    protocol.check([&paid, &paid]).unwrap();
    let error = protocol
        .check([json!({ "head": { "kind": "paid" } })])
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "protocol bills: event 1, paid, lacks the field `sum`, `/head/by`"
    );
    let error = protocol.check([&paid, &json!({ "kind": "paid" })]).unwrap_err();
    assert_eq!(
        (error.kind(), error.number()),
        (Some(Kind::EventMalformed), Some(2))
    );
    assert!(
        error.to_string().contains("has no type at `/head/kind`"),
        "{error}"
    );
    let others = Protocol::new("bills").sequence("paid+").allowing_others();
    others.check(events("noted,paid,noted")).unwrap();
}

#[test]
fn limits_are_kept_on_the_clock_of_the_stream() {
    let protocol = Protocol::new("run")
        .keyed("id", "called returned")
        .open_for_at_most(Duration::from_secs(2))
        .gap_of_at_most(Duration::from_secs(5))
        .done_within(Duration::from_secs(8));
    let check = |events: &[(&str, u32, u64)]| {
        let timed = events
            .iter()
            .map(|(name, id, at)| Ok((json!({ "type": name, "id": id }), Some(Duration::from_secs(*at)))));
        protocol.check_values(timed, true)
    };
    check(&[
        ("called", 1, 0),
        ("called", 2, 1),
        ("returned", 1, 2),
        ("returned", 2, 3),
    ])
    .unwrap();
    for (events, said) in [
        (
            &[("called", 1, 0), ("returned", 1, 3)][..],
            "closes id 1 after 3s, and no more than 2s are allowed",
        ),
        (
            &[("called", 1, 0), ("returned", 1, 6)],
            "comes 6s after the one before it, and no more than 5s are allowed",
        ),
        (
            &[
                ("called", 1, 0),
                ("returned", 1, 2),
                ("called", 2, 5),
                ("returned", 2, 6),
                ("called", 3, 9),
            ],
            "comes 9s after the first, and no more than 8s are allowed",
        ),
    ] {
        let error = check(events).unwrap_err();
        assert_eq!(error.kind(), Some(Kind::LimitExceeded), "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
    let error = protocol.check(events("called 1,returned 1")).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("has no time, which a limit of the protocol needs"),
        "{error}"
    );
}

#[test]
fn a_protocol_that_can_match_nothing_is_told() {
    for (protocol, said) in [
        (Protocol::new("p"), "it has no rule"),
        (Protocol::new("p").sequence("a (b"), "lacks a `)`"),
        (
            Protocol::new("p").sequence("a b").sequence("b a"),
            "contradict each other",
        ),
        (
            Protocol::new("p").sequence("a b").nothing_after("a"),
            "contradict each other",
        ),
        (
            Protocol::new("p").sequence("a").all_closed_before("a"),
            "needs a keyed rule",
        ),
        (
            Protocol::new("p").keyed("id", "a b").nested_in("run"),
            "an earlier one of the field `run`",
        ),
        (
            Protocol::new("p").sequence("a").open_for_at_most(Duration::ZERO),
            "needs a keyed rule",
        ),
    ] {
        let error = protocol.check(events("a,b")).unwrap_err();
        assert_eq!(error.kind(), None, "{error}");
        assert!(error.to_string().contains(said), "{error}");
    }
    let possible = Protocol::new("p")
        .sequence("a b* c")
        .sequence("b+")
        .nothing_after("c");
    possible.check(events("a,b,c")).unwrap();
}

#[test]
fn a_stream_without_events_is_an_error() {
    let error = Protocol::agent_run().check(Vec::<Value>::new()).unwrap_err();
    assert_eq!(error.kind(), None);
    assert!(error.to_string().contains("the stream holds no event"), "{error}");
}

#[test]
fn the_events_of_an_agents_run() {
    let run = Protocol::agent_run();
    for stream in [
        "agent_started,agent_completed",
        "agent_started,agent_thinking,tool_executing,tool_completed,agent_thinking,agent_completed",
        "AgentStarted,AgentThinking,AgentCompleted",
        "AGENT_STARTED,TOOL_EXECUTING,TOOL_COMPLETED,AGENT_COMPLETED",
    ] {
        assert_eq!(wrong(&run, stream), "follows", "{stream}");
    }
    for (stream, kind) in [
        ("agent_started,agent_thinking", Kind::EventMissing),
        ("agent_started,tool_executing,agent_completed", Kind::EventMissing),
        (
            "agent_started,tool_completed,tool_executing,agent_completed",
            Kind::EventOutOfOrder,
        ),
        (
            "agent_started,agent_completed,tool_completed",
            Kind::EventAfterTerminal,
        ),
        (
            "agent_started,agent_started,agent_completed",
            Kind::EventDuplicated,
        ),
        (
            "agent_started,agent_completed,agent_completed",
            Kind::EventDuplicated,
        ),
        ("agent_started,agent_idle,agent_completed", Kind::EventMalformed),
    ] {
        let error = run.check(events(stream)).unwrap_err();
        assert_eq!(error.kind(), Some(kind), "{stream}: {error}");
    }
    let of_run = |kind: &str, run: u32| json!({ "type": kind, "run_id": run });
    run.check([
        of_run("agent_started", 1),
        of_run("agent_started", 2),
        of_run("agent_completed", 1),
        of_run("agent_completed", 2),
    ])
    .unwrap();
}
