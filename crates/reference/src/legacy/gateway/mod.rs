//! Parts of the gateway with one fault each, which show over real services: a model over HTTP, PostgreSQL, logs.

mod prompt_builder;
mod session_setting;
mod verbose_log;

pub use prompt_builder::SharedMemoryModel;
pub use session_setting::SessionSettingStore;
pub use verbose_log::VerboseLogStore;
