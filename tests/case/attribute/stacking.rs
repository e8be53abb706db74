//! The attribute among others.

use rstest::{fixture, rstest};
use ssot_harness::prelude::*;
use tracing_test::traced_test;

use super::bodies::{Shop, ran};

mod cases {
    use super::*;

    #[rstest]
    #[case(1)]
    #[case::two(2)]
    #[ssot_harness::test]
    async fn asynchronous(#[case] x: u32) {
        tokio::task::yield_now().await;
        ran([
            "",
            "attribute::stacking::cases::asynchronous::case_1",
            "attribute::stacking::cases::asynchronous::case_2_two",
        ][x as usize]);
    }

    #[rstest]
    #[case("1")]
    #[case("2")]
    #[ssot_harness::test(timeout = "10s")]
    fn synchronous(#[case] x: &str) -> CaseResult {
        let x: u32 = x.parse()?;
        ran(&format!("attribute::stacking::cases::synchronous::case_{x}"));
        Ok(())
    }

    /// `#[ignore]` is `#[rstest]`'s word for an argument that is not its own.
    #[rstest]
    #[case(1)]
    #[case(2)]
    #[ssot_harness::test]
    async fn with_a_fixture_and_the_case(#[case] x: u32, #[ignore] shop: &mut Shop, #[ignore] case: &Case) {
        tokio::task::yield_now().await;
        let _: &Case = case;
        assert_eq!(shop.sold, 3);
        ran(&format!(
            "attribute::stacking::cases::with_a_fixture_and_the_case::case_{x}"
        ));
    }

    #[rstest]
    #[ssot_harness::test]
    async fn values(#[values(1, 2)] x: u32, #[values(true, false)] y: bool) {
        let y = if y { "1_true" } else { "2_false" };
        ran(&format!("attribute::stacking::cases::values::x_{x}_{x}::y_{y}"));
    }

    #[fixture]
    async fn answer() -> u32 {
        tokio::task::yield_now().await;
        42
    }

    #[rstest]
    #[ssot_harness::test]
    async fn a_fixture(#[future(awt)] answer: u32) {
        assert_eq!(answer, 42);
        ran("attribute::stacking::cases::a_fixture");
    }
}

mod traced {
    use super::*;

    #[traced_test]
    #[ssot_harness::test]
    async fn above(shop: &mut Shop) {
        tracing::info!("sold {}", shop.sold);
        tokio::task::yield_now().await;
        assert!(logs_contain("sold 3"));
        ran("attribute::stacking::traced::above");
    }

    #[ssot_harness::test]
    #[traced_test]
    async fn below(shop: &mut Shop) {
        tracing::info!("sold {}", shop.sold);
        tokio::task::yield_now().await;
        assert!(logs_contain("sold 3"));
        ran("attribute::stacking::traced::below");
    }

    #[ssot_harness::test]
    #[cfg_attr(all(), doc = "Documented.", traced_test)]
    fn where_a_condition_holds() {
        tracing::info!("sold out");
        assert!(logs_contain("sold out"));
        ran("attribute::stacking::traced::where_a_condition_holds");
    }

    #[traced_test]
    #[rstest]
    #[case(1)]
    #[ssot_harness::test]
    async fn cases(#[case] x: u32) {
        tracing::info!("case {x}");
        assert!(logs_contain("case 1"));
        ran("attribute::stacking::traced::cases::case_1");
    }
}

mod ignored {
    use super::*;

    #[ssot_harness::test]
    #[ignore = "asked for by `runs` alone"]
    async fn below() {
        ran("attribute::stacking::ignored::below");
    }

    #[ignore = "asked for by `runs` alone"]
    #[ssot_harness::test]
    fn above() {
        ran("attribute::stacking::ignored::above");
    }

    #[ssot_harness::test]
    #[cfg_attr(all(), ignore = "asked for by `runs` alone")]
    fn where_a_condition_holds() {
        ran("attribute::stacking::ignored::where_a_condition_holds");
    }
}

mod with_lints {
    use super::*;

    #[ssot_harness::test]
    #[expect(unused_variables, reason = "to see that the level reaches the body")]
    #[cfg(test)]
    fn levels_reach_the_body(case: &Case) {
        let unused = 3;
        ran("attribute::stacking::with_lints::levels_reach_the_body");
    }

    #[ssot_harness::test]
    fn levels_reach_an_argument(#[expect(unused_variables, reason = "to see that it does")] case: &Case) {
        ran("attribute::stacking::with_lints::levels_reach_an_argument");
    }
}
