//! What a check does with what it is given: bad input, hazards, leaks in every disguise.

mod bad_input;
mod hazards;
mod leaks;
mod systems;
