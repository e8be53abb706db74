//! The rules: each from the model to drafts of findings.

mod check;
mod compiled;
mod config_paths;
mod construction;
mod draft;
mod import_sites;
mod layers;
mod pattern;
mod payload;
mod redirect;
mod role;
mod superseded;
mod unique;
mod zone;

pub(crate) use check::check;
pub(crate) use draft::{Draft, Drafts, Mark};
pub(crate) use unique::{alike, methods};
