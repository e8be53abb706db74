//! Ways around the rules: which are caught, and which are documented as not visible.

mod base;
mod constructions;
mod files_and_crates;
mod further;
mod implementations;
mod no_bypass;
mod not_visible;
mod paths;
