use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::events::event::Event;
use crate::events::machine::{Machine, Misstep};
use crate::oracle::Kind;

/// What ends a stream.
const DONE: &str = "[DONE]";

/// Chunks of one id: for each choice the role in the first, a reason to finish in the last; then perhaps the usage; then `[DONE]`.
#[derive(Debug, Default)]
pub(in crate::events) struct OpenAiChat {
    id: Option<String>,
    /// The choices that have begun, and whether they are finished.
    choices: BTreeMap<u64, bool>,
    had_usage: bool,
    is_done: bool,
    has_failed: bool,
}

impl Machine for OpenAiChat {
    fn step(&mut self, event: &Event, _rest: &[Event]) -> Result<(), Misstep> {
        if self.is_done {
            return Err(if event.name == DONE {
                Misstep::new(Kind::EventDuplicated, "comes once more")
            } else {
                Misstep::new(Kind::EventAfterTerminal, format!("comes after {DONE}"))
            });
        }
        if event.name == DONE {
            return self.done();
        }
        if event.name == "error" || event.field("error").is_some() {
            self.has_failed = true;
            return Ok(());
        }
        if event.name != "chat.completion.chunk" {
            return Err(
                Misstep::new(Kind::EventMalformed, "is no chunk").expecting(["chat.completion.chunk", DONE])
            );
        }
        let id = event.id("id").ok_or_else(|| malformed("lacks the field `id`"))?;
        match &self.id {
            None => self.id = Some(id),
            Some(known) if *known != id => {
                let what = format!("is of the completion {id}, but the stream is that of {known}");
                return Err(Misstep::new(Kind::Misattribution, what));
            }
            Some(_) => {}
        }
        let choices = event.field("choices").and_then(Value::as_array);
        let choices = choices.ok_or_else(|| malformed("lacks the list `choices`"))?;
        if choices.is_empty() {
            return self.usage(event);
        }
        if self.had_usage {
            return Err(Misstep::new(Kind::EventOutOfOrder, "comes after the usage").expecting([DONE]));
        }
        choices.iter().try_for_each(|choice| self.choice(choice))
    }

    fn end(&self) -> Result<(), Misstep> {
        if self.is_done || self.has_failed {
            return Ok(());
        }
        Err(Misstep::new(Kind::EventMissing, "the stream ends too early")
            .expecting([DONE])
            .with_open(self.left_open()))
    }
}

impl OpenAiChat {
    fn choice(&mut self, choice: &Value) -> Result<(), Misstep> {
        let index = choice.get("index").and_then(Value::as_u64);
        let index = index.ok_or_else(|| malformed("has a choice without `index`"))?;
        match self.choices.get(&index) {
            Some(true) => {
                let what = format!("is of choice {index}, which is finished");
                return Err(Misstep::new(Kind::EventAfterTerminal, what));
            }
            None if choice.pointer("/delta/role").is_none_or(Value::is_null) => {
                return Err(malformed(&format!(
                    "is the first of choice {index}, and its delta has no `role`"
                )));
            }
            Some(false) | None => {}
        }
        let is_finished = choice
            .get("finish_reason")
            .is_some_and(|reason| !reason.is_null());
        self.choices.insert(index, is_finished);
        Ok(())
    }

    /// A chunk without choices has the usage of the whole.
    fn usage(&mut self, event: &Event) -> Result<(), Misstep> {
        if event.field("usage").is_none_or(Value::is_null) {
            // Content filters come that way, too, before the first choice.
            return if self.choices.is_empty() {
                Ok(())
            } else {
                Err(malformed("has neither choices nor `usage`"))
            };
        }
        if self.had_usage {
            return Err(Misstep::new(Kind::EventDuplicated, "has the usage once more"));
        }
        self.all_finished()?;
        self.had_usage = true;
        Ok(())
    }

    fn done(&mut self) -> Result<(), Misstep> {
        if self.choices.is_empty() && !self.has_failed {
            return Err(
                Misstep::new(Kind::EventMissing, "comes where no choice has begun")
                    .expecting(["chat.completion.chunk"]),
            );
        }
        if !self.has_failed {
            self.all_finished()?;
        }
        self.is_done = true;
        Ok(())
    }

    fn all_finished(&self) -> Result<(), Misstep> {
        let open = self.left_open();
        if open.is_empty() {
            return Ok(());
        }
        Err(Misstep::new(Kind::EventMissing, "comes before every choice is finished").with_open(open))
    }

    fn left_open(&self) -> Vec<String> {
        let unfinished: BTreeSet<_> = self.choices.iter().filter(|(_, finished)| !**finished).collect();
        unfinished
            .into_iter()
            .map(|(index, _)| format!("choice {index}"))
            .collect()
    }
}

fn malformed(what: &str) -> Misstep {
    Misstep::new(Kind::EventMalformed, what)
}
