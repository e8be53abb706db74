//! What is written can be read back, and what is computed from it is right.

use std::time::Duration;

use peers::compare::mean_ratio;
use peers::csv::{COLUMNS, csv, parse};
use peers::date::date;
use peers::limits::Limits;
use peers::measured::Measured;
use peers::options::Options;
use peers::report::report;
use protocol::{Record, Request};

fn search(shape: &str, found: bool, executions: u64) -> Record {
    Record::Search {
        shape: shape.to_owned(),
        seed: 0,
        found,
        executions,
        nanos: executions * 1_000,
    }
}

fn slot(executions: &[(bool, u64)]) -> Vec<Measured> {
    let searches = executions
        .iter()
        .map(|&(found, executions)| search("slot, \"shared\"", found, executions));
    Measured::of(&searches.collect::<Vec<_>>())
}

#[test]
fn records_and_requests_survive_their_json() {
    let records = [
        Record::Unfit {
            shape: "order of timers".to_owned(),
            why: "it has no clock".to_owned(),
        },
        Record::Pace {
            shape: "slot".to_owned(),
            executions: 7,
            nanos: 21,
            decisions: Some(70),
        },
        search("slot", true, 3),
        Record::Done,
    ];
    for record in records {
        let line = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&line).unwrap(), record);
    }
    let request = Limits::FULL.request("pct, plain", &["slot".to_owned()]);
    let line = serde_json::to_string(&request).unwrap();
    assert_eq!(serde_json::from_str::<Request>(&line).unwrap(), request);
}

#[test]
fn csv_can_be_read_back() {
    let results = [
        ("this crate", slot(&[(true, 1), (true, 3)])),
        ("other", slot(&[(false, 50)])),
    ];
    let text = csv(&results);
    assert!(
        text.contains(r#"this crate","slot, ""shared""","","2""#),
        "{text}"
    );
    let lines = parse(&text).unwrap();
    assert_eq!(lines[0], COLUMNS);
    assert_eq!(lines[1][..5], ["this crate", "slot, \"shared\"", "", "2", "2"]);
    assert_eq!(lines[1][5..9], ["1", "3", "0.000001000", "0.000003000"]);
    assert_eq!(lines[2][3..7], ["1", "0", "", ""]);
    assert_eq!(parse("\"a\",\"b\"\n"), Err(1));
}

#[test]
fn what_was_not_found_is_greater_than_what_was() {
    let [one] = &slot(&[(true, 9), (false, 5), (true, 1)])[..] else {
        panic!("one shape");
    };
    assert_eq!(one.executions(50), Some(9));
    assert_eq!(one.time(50), Some(Duration::from_micros(9)));
    assert_eq!(one.executions(90), None);
    assert!(!one.is_found_always());
    let cost = one.executions_a_leak().unwrap();
    assert!((cost.amount - 7.5).abs() < 1e-9 && !cost.is_least, "{cost:?}");
}

#[test]
fn a_ratio_with_somebody_who_found_nothing_is_a_least_one() {
    let ours = slot(&[(true, 2)]);
    let cost = Measured::executions_a_leak;
    let more = mean_ratio(&ours, &slot(&[(true, 10)]), cost).unwrap();
    assert!((more.times - 5.0).abs() < 1e-9 && !more.is_least, "{more:?}");
    assert!(mean_ratio(&ours, &slot(&[(false, 10)]), cost).unwrap().is_least);
    assert_eq!(mean_ratio(&slot(&[(false, 2)]), &ours, cost), None);
}

#[test]
fn the_report_tells_what_was_not_found_from_what_cannot_be_expressed() {
    let unfit = Record::Unfit {
        shape: "slot, \"shared\"".to_owned(),
        why: "it has no slots".to_owned(),
    };
    let results = [
        ("this crate", slot(&[(true, 2), (true, 2)])),
        ("blind", slot(&[(false, 1_000)])),
        ("slotless", Measured::of(&[unfit])),
    ];
    let report = report("head", &results);
    let line = |start: &str| {
        let found = report.lines().find(|line| line.starts_with(start));
        let cells = found
            .unwrap_or_else(|| panic!("no line {start:?} in\n{report}"))
            .split('|');
        cells.map(|cell| cell.trim().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(line("| blind")[2..7], ["0 of 1", "∞", "∞", "∞", "∞"]);
    assert_eq!(line("| slotless")[2..7], ["-", "-", "-", "-", "-"]);
    assert_eq!(line("| slot, \"shared\"")[2..5], ["2 µs", "> 500", "-"]);
    assert!(report.contains("- slot, \"shared\": it has no slots (slotless)."));
}

#[test]
fn days_have_dates() {
    assert_eq!(date(0), "1970-01-01");
    assert_eq!(date(11_016), "2000-02-29");
    assert_eq!(date(20_777), "2026-11-20");
}

#[test]
fn options_are_read_and_wrong_ones_refused() {
    let parse = |words: &str| {
        let words = words.split_whitespace().map(str::to_owned);
        Options::parse(words, "results".into())
    };
    assert_eq!(parse("").unwrap().out, Some("results".into()));
    assert_eq!(parse("--quick").unwrap().out, None);
    assert_eq!(parse("--peers madsim").unwrap().out, None);
    let options = parse("--seeds 5 --quick --csv").unwrap();
    assert!(options.csv);
    assert_eq!((options.limits.seeds, options.limits.search_millis), (5, 200));
    assert!(parse("--seeds many").unwrap_err().contains("\"many\""));
    assert!(parse("--peers madsim;sanity").unwrap_err().contains("\"sanity\""));
    assert_eq!(
        parse("--peers madsim;driver-shuttle").unwrap().peers,
        ["madsim", "driver-shuttle"]
    );
    assert!(parse("--fast").unwrap_err().contains("'--fast'"));
}
