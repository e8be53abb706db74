//! The rules of the builder: each leads on to the next, and to the end.

mod layers;
mod leads_on;
mod payload;
mod redirect;
mod role;
mod superseded;
mod unique;

pub use layers::LayersRule;
pub use payload::PayloadRule;
pub use redirect::RedirectRule;
pub use role::RoleRule;
pub use superseded::SupersededRule;
pub use unique::UniqueRule;
