#[ssot_harness::test]
const fn before_it_runs() {}

#[ssot_harness::test]
unsafe fn at_your_own_risk() {}

#[ssot_harness::test]
extern "C" fn from_elsewhere() {}

#[ssot_harness::test]
async fn of_any_type<T: Default>() {}

#[ssot_harness::test]
async fn of_a_lifetime<'a>(case: &'a ssot_harness::Case) {}

#[ssot_harness::test]
fn of_some_types()
where
    u32: Copy,
{
}

#[ssot_harness::test]
unsafe extern "C" fn of_any_number(first: ...) {}

fn main() {}
