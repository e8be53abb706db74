struct Shop;

#[ssot_harness::test]
fn a_value(shop: Shop) {}

#[ssot_harness::test]
async fn the_case_twice(one: &ssot_harness::Case, other: &ssot_harness::Case) {}

#[ssot_harness::test]
async fn two_fixtures_and_more(one: &mut Shop, other: &mut Shop, case: &ssot_harness::Case, number: u32) {}

#[ssot_harness::test]
fn the_case_to_change(case: &mut ssot_harness::Case) {}

#[ssot_harness::test]
fn any_type(shop: &mut impl Clone) {}

#[ssot_harness::test]
fn for_ever(case: &'static ssot_harness::Case) {}

#[ssot_harness::test]
fn of_a_case(#[case] number: u32, #[values(1, 2)] other: &ssot_harness::Case) {}

impl Shop {
    #[ssot_harness::test]
    fn a_method(&self) {}

    #[ssot_harness::test]
    fn another_method(self: Box<Self>, case: &ssot_harness::Case) {}
}

fn main() {}
