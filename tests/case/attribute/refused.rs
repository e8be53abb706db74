//! What is no test, and what the compiler says of it.

#[test]
fn what_is_no_test_is_told_at_the_fault() {
    trybuild::TestCases::new().compile_fail("tests/case/attribute/refused/*.rs");
}
