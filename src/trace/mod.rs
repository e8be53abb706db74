//! What users saw: observations on surfaces, in order.

mod surface;

pub use surface::Surface;
