//! Parts of the gateway with one fault each, which show over real services: a model over HTTP, PostgreSQL, logs.

mod connection_manager;
mod pipelined_model;
mod prompt_builder;
mod session_setting;
mod verbose_log;

pub use connection_manager::gateway_with_connection_manager;
pub use pipelined_model::PipelinedModel;
pub use prompt_builder::SharedMemoryModel;
pub use session_setting::SessionSettingStore;
pub use verbose_log::VerboseLogStore;
