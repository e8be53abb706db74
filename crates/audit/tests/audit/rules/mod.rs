//! Each rule on a workspace that breaks it in every way it knows, and on one that does not.

mod found;
mod layers;
mod payload;
mod redirect;
mod role;
mod superseded;
mod unique;
