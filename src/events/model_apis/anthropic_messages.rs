use serde_json::Value;

use crate::events::event::Event;
use crate::events::machine::{Machine, Misstep};
use crate::oracle::Kind;

/// `message_start`; for each index `content_block_start`, `content_block_delta`s, `content_block_stop`, one block after another; `message_delta`; `message_stop`.
#[derive(Debug, Default)]
pub(in crate::events) struct AnthropicMessages {
    state: State,
    /// The block that is open.
    open: Option<u64>,
    /// How many blocks there were.
    blocks: u64,
}

#[derive(Debug, Default, PartialEq, Eq)]
enum State {
    #[default]
    Begins,
    Streams,
    /// `message_delta` has come.
    Closes,
    Stopped,
    Failed,
}

impl Machine for AnthropicMessages {
    fn step(&mut self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        let name = event.name.as_str();
        match self.state {
            State::Stopped if name == "message_stop" => {
                return Err(Misstep::new(Kind::EventDuplicated, "comes once more"));
            }
            State::Stopped => return Err(Misstep::new(Kind::EventAfterTerminal, "comes after message_stop")),
            State::Failed => return Err(Misstep::new(Kind::EventAfterTerminal, "comes after error")),
            _ => {}
        }
        match name {
            "ping" => {}
            "error" => self.state = State::Failed,
            "message_start" if self.state == State::Begins => self.state = State::Streams,
            "message_start" => return Err(Misstep::new(Kind::EventDuplicated, "comes once more")),
            _ if self.state == State::Begins => {
                let kind = if rest.iter().any(|later| later.name == "message_start") {
                    Kind::EventOutOfOrder
                } else {
                    Kind::EventMissing
                };
                return Err(Misstep::new(kind, "comes before message_start").expecting(["message_start"]));
            }
            "content_block_start" => self.start(index(event)?)?,
            "content_block_delta" => self.continues(index(event)?)?,
            "content_block_stop" => {
                self.continues(index(event)?)?;
                self.open = None;
            }
            "message_delta" => {
                self.all_closed()?;
                self.state = State::Closes;
            }
            "message_stop" => {
                self.all_closed()?;
                if self.state != State::Closes {
                    return Err(Misstep::new(Kind::EventMissing, "comes where another is missing")
                        .expecting(["message_delta"]));
                }
                self.state = State::Stopped;
            }
            _ => return Err(Misstep::new(Kind::EventMalformed, "is no event of this protocol")),
        }
        Ok(())
    }

    fn end(&self) -> Result<(), Misstep> {
        match self.state {
            State::Stopped | State::Failed => Ok(()),
            State::Begins => {
                Err(Misstep::new(Kind::EventMissing, "the stream ends too early")
                    .expecting(["message_start"]))
            }
            State::Streams | State::Closes => {
                Err(Misstep::new(Kind::EventMissing, "the stream ends too early")
                    .expecting(["message_stop", "error"])
                    .with_open(self.left_open()))
            }
        }
    }
}

impl AnthropicMessages {
    fn start(&mut self, index: u64) -> Result<(), Misstep> {
        if self.open == Some(index) {
            return Err(Misstep::new(
                Kind::EventDuplicated,
                format!("opens block {index}, which is open already"),
            ));
        }
        self.all_closed()?;
        if self.state == State::Closes {
            return Err(
                Misstep::new(Kind::EventOutOfOrder, "comes after message_delta").expecting(["message_stop"])
            );
        }
        if index != self.blocks {
            let what = format!("opens block {index}, and the next is {}", self.blocks);
            return Err(Misstep::new(Kind::EventOutOfOrder, what));
        }
        self.open = Some(index);
        self.blocks += 1;
        Ok(())
    }

    fn continues(&self, index: u64) -> Result<(), Misstep> {
        if self.open == Some(index) {
            return Ok(());
        }
        let what = format!("is of block {index}, which is not open");
        let kind = if index < self.blocks {
            Kind::EventOutOfOrder
        } else {
            Kind::EventMissing
        };
        Err(Misstep::new(kind, what).expecting(["content_block_start"]))
    }

    fn all_closed(&self) -> Result<(), Misstep> {
        if self.open.is_none() {
            return Ok(());
        }
        Err(Misstep::new(Kind::EventMissing, "comes before everything is closed").with_open(self.left_open()))
    }

    fn left_open(&self) -> Vec<String> {
        self.open.iter().map(|index| format!("block {index}")).collect()
    }
}

fn index(event: &Event) -> Result<u64, Misstep> {
    let index = event.field("index").and_then(Value::as_u64);
    index.ok_or_else(|| Misstep::new(Kind::EventMalformed, "lacks the field `index`"))
}
