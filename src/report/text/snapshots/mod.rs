//! What a person reads, whole.

mod checks;
mod samples;
mod test_cases;
mod widths;
