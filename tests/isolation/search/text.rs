//! A schedule as text.

use ssot_harness::interleave::{Decision, RuntimeTopology, Schedule};

#[test]
fn a_text_that_is_no_schedule_says_at_which_character() {
    for (text, at, says) in [
        ("", 1, "expected `v1:`"),
        ("one@0:1", 1, "expected `v1:`"),
        ("v2:one@0:1", 1, "version 2 is not one that this release reads"),
        ("v1:", 4, "found the end"),
        ("v1:two@0:1", 4, "expected the topology"),
        ("v1:one", 7, "found the end"),
        ("v1:one@", 8, "found the end"),
        ("v1:one@0:1x", 12, "found the end"),
        ("v1:one@0:1,", 12, "found the end"),
        ("v1:one@0:1x2,0", 14, "users are counted from 1"),
        ("v1:one@0:1b200", 12, "a budget from 0 to 127"),
        ("v1:one@0:1x99999999999", 12, "from 1 to 1000000"),
        ("v1:one@0:1x0", 12, "from 1 to 1000000"),
        ("v1:one@0:1x1000001", 12, "from 1 to 1000000"),
        ("v1:one@0:1x600000,2x400001", 21, "from 1 to 1000000"),
        ("v1:one@0:1 x2", 11, "expected `,` or the end, found ` `"),
        ("v1:one@0:ü", 10, "found `ü`"),
        ("v1:one@0:t+70000", 12, "at most 65535"),
    ] {
        let error = text.parse::<Schedule>().unwrap_err();
        assert_eq!(error.at(), at, "{text}: {error}");
        assert!(error.to_string().contains(says), "{text}: {error}");
    }
}

proptest::proptest! {
    /// Whatever is written is read back, and no text makes the parser panic.
    #[test]
    fn schedules_go_through_text(
        topology in 0..3_usize,
        identity_seed in proptest::prelude::any::<u64>(),
        decisions in proptest::collection::vec((0..5_u8, 0..1_100_usize, 0..128_u8, 1..4_usize), 0..60),
        noise in "v1:(one|each|poll)@[0-9stxbd+,:]{0,30}",
    ) {
        let decisions = decisions.into_iter().flat_map(|(kind, index, extra, times)| {
            let decision = match kind {
                0 => Decision::Run { actor: index },
                1 => Decision::RunWithin { actor: index, budget: extra },
                2 => Decision::Step { runtime: index },
                3 => Decision::Advance { late: u16::from(extra) },
                _ => Decision::Drop { actor: index },
            };
            std::iter::repeat_n(decision, times)
        });
        let schedule = Schedule::new(RuntimeTopology::ALL[topology], identity_seed, decisions.collect());
        proptest::prop_assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule);
        if let Ok(schedule) = noise.parse::<Schedule>() {
            proptest::prop_assert_eq!(schedule.to_string().parse::<Schedule>().unwrap(), schedule);
        }
    }
}
