#[should_panic]
#[ssot_harness::test]
fn expected_to_panic() {}

#[ssot_harness::test]
#[should_panic(expected = "no card")]
async fn expected_to_panic_for_a_reason() {}

#[ssot_harness::test]
#[cfg_attr(all(), should_panic)]
fn expected_to_panic_on_a_condition() {}

#[ssot_harness::test]
#[test]
fn a_test_below() {}

#[ssot_harness::test]
#[tokio::test]
async fn a_test_of_tokio_below() {}

#[tokio::test]
#[ssot_harness::test]
async fn a_test_of_tokio_above() {}

#[ssot_harness::test]
#[ssot_harness::test]
async fn the_same_test_below() {}

#[ssot_harness::test]
#[bench]
fn a_benchmark() {}

#[ssot_harness::test]
#[rstest::rstest]
#[case(1)]
#[case::named(2)]
async fn cases_below(#[case] number: u32) {}

#[ssot_harness::test]
#[rstest::rstest]
fn values_below(#[values(1, 2)] number: u32, case: &ssot_harness::Case) {}

#[ssot_harness::test]
#[case(1)]
fn a_case_of_nothing(#[case] number: u32) {}

fn main() {}
