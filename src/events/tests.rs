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

#[test]
fn runs_are_told_apart_by_a_field() {
    let protocol = Protocol::new("runs")
        .each_run_by("run")
        .sequence("started done")
        .nothing_after("done")
        .keyed("tool", "(called returned)*")
        .all_closed_before("done")
        .allowing_others();
    let of = |run: u32, kind: &str| json!({ "type": kind, "run": run, "tool": "t" });
    // The same tool in two runs at a time, and an end that is not the other's.
    protocol
        .check([
            of(1, "started"),
            of(2, "started"),
            of(1, "called"),
            of(2, "called"),
            of(2, "returned"),
            of(1, "returned"),
            of(1, "done"),
            of(2, "idle"),
            of(2, "done"),
        ])
        .unwrap();
    let wrong = |events: &[Value]| {
        let error = protocol.check(events).unwrap_err();
        (error.kind().unwrap(), error.number())
    };
    let open = [
        of(1, "started"),
        of(2, "started"),
        of(2, "done"),
        of(1, "called"),
        of(1, "done"),
    ];
    assert_eq!(wrong(&open), (Kind::EventMissing, Some(5)));
    let unfinished = [of(1, "started"), of(2, "started"), of(2, "done")];
    assert_eq!(wrong(&unfinished), (Kind::EventMissing, None));
    let of_none = [of(1, "started"), json!({ "type": "idle" }), of(1, "done")];
    assert_eq!(wrong(&of_none), (Kind::EventMalformed, Some(2)));
    // Of two runs in which something is wrong, what comes first is told.
    let both = [of(1, "started"), of(2, "done"), of(1, "started"), of(1, "done")];
    assert_eq!(wrong(&both), (Kind::EventMissing, Some(2)));
}

#[test]
fn what_comes_again_as_it_was_is_a_duplicate() {
    let protocol = Protocol::new("calls")
        .sequence("started thinking* done")
        .nothing_after("done")
        .keyed("id", "(called returned)*")
        .all_closed_before("done");
    let call = |kind: &str, at: u32| json!({ "type": kind, "id": 1, "at": at });
    let [started, done] = ["started", "done"].map(|kind| json!({ "type": kind }));
    for (between, kind) in [
        (
            [call("called", 1), call("called", 1), call("returned", 2)],
            Kind::EventDuplicated,
        ),
        (
            [call("called", 1), call("called", 2), call("returned", 2)],
            Kind::EventOutOfOrder,
        ),
        (
            [call("called", 1), call("returned", 2), call("returned", 2)],
            Kind::EventDuplicated,
        ),
    ] {
        let stream: Vec<_> = [&started].into_iter().chain(&between).chain([&done]).collect();
        assert_eq!(
            protocol.check(&stream).unwrap_err().kind(),
            Some(kind),
            "{stream:?}"
        );
    }
    let thought = |number: u32| json!({ "type": "thinking", "number": number });
    for (late, kind) in [
        (thought(1), Kind::EventDuplicated),
        (thought(2), Kind::EventAfterTerminal),
        (json!({ "type": "done", "number": 2 }), Kind::EventDuplicated),
        (json!({ "type": "started", "number": 2 }), Kind::EventDuplicated),
    ] {
        let stream = [started.clone(), thought(1), done.clone(), late];
        assert_eq!(
            protocol.check(&stream).unwrap_err().kind(),
            Some(kind),
            "{stream:?}"
        );
    }
}

#[test]
fn what_may_be_the_first_is() {
    let protocol = Protocol::new("run")
        .sequence("started done")
        .nothing_before("started")
        .allowing_others();
    assert_eq!(wrong(&protocol, "started,idle,done"), "follows");
    assert_eq!(
        wrong(&protocol, "idle,started,done"),
        "event-out-of-order: protocol run: event 1, idle, comes before started (event 2); expected there: started"
    );
    assert_eq!(
        wrong(&protocol, "idle,done"),
        "event-missing: protocol run: event 1, idle, comes where another is missing; expected there: started"
    );
}

#[cfg(feature = "conformance")]
#[test]
fn all_faults_of_a_stream_are_found_where_an_event_is_left_out() {
    let protocol = Protocol::new("run")
        .sequence("started thinking* done")
        .nothing_after("done");
    let faults = |stream: &str, is_whole: bool| -> Vec<_> {
        let events = events(stream).into_iter().map(|event| (event, None));
        let faults = protocol.faults(events, is_whole);
        faults
            .iter()
            .map(|fault| (fault.kind().unwrap(), fault.number()))
            .collect()
    };
    assert_eq!(faults("started,thinking,done", true), []);
    assert_eq!(
        faults("started,started,done,thinking", true),
        [
            (Kind::EventDuplicated, Some(2)),
            (Kind::EventAfterTerminal, Some(4))
        ]
    );
    assert_eq!(
        faults("started,idle,thinking", true),
        [(Kind::EventMalformed, Some(2)), (Kind::EventMissing, None)]
    );
    // What follows from a fault is none of its own.
    assert_eq!(faults("done,started", true), [(Kind::EventOutOfOrder, Some(1))]);
    assert_eq!(faults("thinking,done", true), [(Kind::EventMissing, Some(1))]);
    assert_eq!(
        faults("started,idle,thinking", false),
        [(Kind::EventMalformed, Some(2))]
    );
}
