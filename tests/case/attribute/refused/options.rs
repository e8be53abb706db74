#[ssot_harness::test(retries = 3, tokio::flavor = "multi_thread")]
fn unknown() {}

#[ssot_harness::test(timeout = "10s", timeout = "20s")]
fn twice() {}

#[ssot_harness::test(timeout = "ten seconds")]
fn no_length_of_time() {}

#[ssot_harness::test(timeout = "0s")]
fn no_time_at_all() {}

#[ssot_harness::test(timeout = 10)]
fn a_number_of_nothing() {}

#[ssot_harness::test(timeout)]
fn nothing_said() {}

#[ssot_harness::test(timeout("10s"))]
fn in_parentheses() {}

#[ssot_harness::test(timeout = LIMIT)]
fn a_constant() {}

#[ssot_harness::test(flavor = "multi_threaded")]
fn unknown_flavor() {}

#[ssot_harness::test(worker_threads = 2)]
fn workers_of_one_thread() {}

#[ssot_harness::test(flavor = "multi_thread", worker_threads = 0)]
fn no_workers() {}

#[ssot_harness::test(start_paused = "yes")]
fn neither_true_nor_false() {}

#[ssot_harness::test(flavor = "multi_thread", start_paused = true)]
fn a_clock_of_many_threads() {}

#[ssot_harness::test(crate = "ssot_harness")]
fn a_path_in_quotation_marks() {}

#[ssot_harness::test("10s")]
fn a_value_without_a_name() {}

#[ssot_harness::test(timeout = "soon", start_paused = 1, colour = "red")]
fn all_at_once(number: u32) {}

fn main() {}
