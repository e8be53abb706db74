//! Engines, factories and emitters as a half-finished migration left them, each with one fault.
