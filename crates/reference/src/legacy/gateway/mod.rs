//! Parts of the gateway with one fault each, which show over real services: a WebSocket, a model over HTTP, PostgreSQL, logs.

mod pipelined_model;
mod prompt_builder;
mod removed_by_key;
mod session_setting;
mod verbose_log;

pub use pipelined_model::PipelinedModel;
pub use prompt_builder::SharedMemoryModel;
pub use removed_by_key::removed_by_key;
pub use session_setting::SessionSettingStore;
pub use verbose_log::VerboseLogStore;
