//! A fake of the APIs of language models: OpenAI's chat completions and responses, Anthropic's messages, whole and streamed.
//!
//! It is a tower service, so that it runs in the process, under the schedule ([`User::http`](crate::trace::User::http) is a client for it, and a system may hold it), and
//! it listens at an address for clients that open sockets ([`Llm::listen`]).
//!
//! ```
//! use serde_json::{Value, json};
//! use ssot_harness::prelude::*;
//! use ssot_harness::services::llm::{Llm, Reply, When};
//!
//! fn model() -> Llm {
//!     let llm = Llm::new();
//!     llm.on(When::containing("weather")).replies([Reply::tool_call("get_weather", &json!({ "city": "Oslo" })), Reply::text("It rains.")]);
//!     llm.on(When::any()).answer(|request| Reply::text(format!("You said: {}", request.last_message())));
//!     llm
//! }
//!
//! # fn main() -> Verdict {
//! isolation(async || model())
//!     .users(2, async |user: &User, llm: &Llm| {
//!         let http = user.http(llm).bearer(user.llm(llm)); // the key by which requests are the user's
//!         let body = json!({ "model": "m", "messages": [{ "role": "user", "content": user.secret("question") }] });
//!         let answer: Value = http.post("/v1/chat/completions").json(&body).await?.json()?;
//!         assert!(answer["choices"][0]["message"]["content"].is_string());
//!         Ok(())
//!     })
//! #   .executions(50)
//!     .check()
//! # }
//! ```
//!
//! # Whose a request is
//!
//! A user that the fake knows ([`User::llm`](crate::trace::User::llm)) has sent a request whose headers hold the user's id; else one whose key is the user's; else one whose body holds the user's id
//! or one of its secrets. The user observes it on [`Surface::Http`](crate::trace::Surface::Http): a request of one user with another's secret in it is a leak.
//!
//! # Where the search can interfere
//!
//! Before each reply and before each frame of a stream the fake yields. With [`Llm::with_faults`], it also waits on a timer there, and how late the schedule lets that fire
//! says which fault comes: none where it is in time. So a fault is part of the schedule's text, and is shrunk away where it does not matter.

mod answer;
mod fake;
mod fault;
mod reply;
mod request;
mod script;
mod serve;
mod users;
mod wire;

pub use super::unmatched::Unmatched;
pub use answer::ModelBody;
pub use fake::{Llm, ScriptBuilder};
pub use fault::Fault;
pub use reply::{Reply, ReplyFileError};
pub use request::{Api, ModelRequest};
pub use script::When;
