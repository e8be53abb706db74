use std::collections::BTreeMap;

use serde_json::Value;

use crate::events::event::Event;
use crate::events::machine::{Machine, Misstep};
use crate::oracle::Kind;

const ENDS: [&str; 3] = ["response.completed", "response.incomplete", "response.failed"];

/// Numbered events: `response.created`, then items that are added and done, with parts and deltas within; then one of the ends.
#[derive(Debug, Default)]
pub(in crate::events) struct OpenAiResponses {
    /// The number of the next event.
    next: u64,
    id: Option<String>,
    is_created: bool,
    ended: Option<String>,
    /// Items by their index, and whether they are done.
    items: BTreeMap<u64, bool>,
    /// Parts by the index of their item and their own.
    parts: BTreeMap<(u64, u64), bool>,
    /// What is written by deltas: item, part where it has one, and what it is; and whether it is done.
    texts: BTreeMap<(u64, Option<u64>, String), bool>,
}

impl Machine for OpenAiResponses {
    fn step(&mut self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        let name = event.name.as_str();
        if let Some(ended) = &self.ended {
            let kind = if name == ended {
                Kind::EventDuplicated
            } else {
                Kind::EventAfterTerminal
            };
            return Err(Misstep::new(
                kind,
                format!("comes after {ended}, which is the last"),
            ));
        }
        self.is_numbered(event, rest)?;
        match name {
            "error" => {
                self.ended = Some(name.to_owned());
                return Ok(());
            }
            "response.created" if self.is_created => {
                return Err(Misstep::new(Kind::EventDuplicated, "comes once more"));
            }
            "response.created" => self.is_created = true,
            _ if !self.is_created => {
                let kind = if rest.iter().any(|later| later.name == "response.created") {
                    Kind::EventOutOfOrder
                } else {
                    Kind::EventMissing
                };
                return Err(
                    Misstep::new(kind, "comes before response.created").expecting(["response.created"])
                );
            }
            _ => {}
        }
        self.is_of_this_response(event)?;
        if ENDS.contains(&name) {
            // Only what is complete is closed.
            let open = self.left_open();
            if name == "response.completed" && !open.is_empty() {
                return Err(
                    Misstep::new(Kind::EventMissing, "comes before everything is done").with_open(open),
                );
            }
            self.ended = Some(name.to_owned());
            return Ok(());
        }
        match name {
            "response.output_item.added" => self.add_item(number(event, "output_index")?),
            "response.output_item.done" => self.end_item(number(event, "output_index")?),
            "response.content_part.added" => self.add_part(event),
            "response.content_part.done" => self.end_part(event),
            _ => self.text(event),
        }
    }

    fn end(&self) -> Result<(), Misstep> {
        if self.ended.is_some() {
            return Ok(());
        }
        Err(Misstep::new(Kind::EventMissing, "the stream ends too early")
            .expecting(ENDS)
            .with_open(self.left_open()))
    }
}

impl OpenAiResponses {
    fn is_numbered(&mut self, event: &Event, rest: &[Event]) -> Result<(), Misstep> {
        let given = number(event, "sequence_number")?;
        let next = self.next;
        if given == next {
            self.next += 1;
            return Ok(());
        }
        let what = format!("has the sequence_number {given}, and the next is {next}");
        let comes_later = rest
            .iter()
            .any(|later| later.field("sequence_number").and_then(Value::as_u64) == Some(next));
        let kind = if given < next {
            Kind::EventDuplicated
        } else if comes_later {
            Kind::EventOutOfOrder
        } else {
            Kind::EventMissing
        };
        Err(Misstep::new(kind, what))
    }

    fn is_of_this_response(&mut self, event: &Event) -> Result<(), Misstep> {
        let Some(id) = event.id("/response/id") else {
            return Ok(());
        };
        let known = self.id.get_or_insert_with(|| id.clone());
        if *known == id {
            return Ok(());
        }
        let what = format!("is of the response {id}, but the stream is that of {known}");
        Err(Misstep::new(Kind::Misattribution, what))
    }

    fn add_item(&mut self, item: u64) -> Result<(), Misstep> {
        match self.items.insert(item, false) {
            None => Ok(()),
            Some(_) => Err(Misstep::new(
                Kind::EventDuplicated,
                format!("adds item {item} once more"),
            )),
        }
    }

    fn end_item(&mut self, item: u64) -> Result<(), Misstep> {
        self.is_open(item)?;
        let parts = self.parts.iter().filter(|((of, _), done)| *of == item && !**done);
        let texts = self
            .texts
            .iter()
            .filter(|((of, _, _), done)| *of == item && !**done);
        let open: Vec<_> = parts
            .map(|((_, part), _)| format!("part {part} of item {item}"))
            .chain(texts.map(|((_, _, what), _)| format!("{what} of item {item}")))
            .collect();
        if !open.is_empty() {
            return Err(
                Misstep::new(Kind::EventMissing, "comes before what is in the item is done").with_open(open),
            );
        }
        self.items.insert(item, true);
        Ok(())
    }

    fn is_open(&self, item: u64) -> Result<(), Misstep> {
        match self.items.get(&item) {
            Some(false) => Ok(()),
            Some(true) => Err(Misstep::new(
                Kind::EventOutOfOrder,
                format!("is of item {item}, which is done"),
            )),
            None => Err(Misstep::new(
                Kind::EventMissing,
                format!("is of item {item}, which was not added"),
            )
            .expecting(["response.output_item.added"])),
        }
    }

    fn add_part(&mut self, event: &Event) -> Result<(), Misstep> {
        let (item, part) = (number(event, "output_index")?, number(event, "content_index")?);
        self.is_open(item)?;
        if self.parts.insert((item, part), false).is_some() {
            let what = format!("adds part {part} of item {item} once more");
            return Err(Misstep::new(Kind::EventDuplicated, what));
        }
        Ok(())
    }

    fn end_part(&mut self, event: &Event) -> Result<(), Misstep> {
        let (item, part) = (number(event, "output_index")?, number(event, "content_index")?);
        self.is_open(item)?;
        match self.parts.get_mut(&(item, part)) {
            Some(done) if !*done => {
                *done = true;
                Ok(())
            }
            Some(_) => Err(Misstep::new(
                Kind::EventDuplicated,
                format!("ends part {part} of item {item} once more"),
            )),
            None => Err(Misstep::new(
                Kind::EventMissing,
                format!("ends part {part} of item {item}, which was not added"),
            )
            .expecting(["response.content_part.added"])),
        }
    }

    /// `response.<what>.delta` and `response.<what>.done` of an item, or of one of its parts; other events are of no item.
    fn text(&mut self, event: &Event) -> Result<(), Misstep> {
        let what = event.name.strip_prefix("response.").unwrap_or(&event.name);
        let (what, is_done) = match (what.strip_suffix(".delta"), what.strip_suffix(".done")) {
            (Some(what), _) => (what, false),
            (_, Some(what)) => (what, true),
            (None, None) => return Ok(()),
        };
        let item = number(event, "output_index")?;
        self.is_open(item)?;
        let part = event.field("content_index").and_then(Value::as_u64);
        if let Some(part) = part.filter(|part| self.parts.get(&(item, *part)) != Some(&false)) {
            let what = format!("is of part {part} of item {item}, which is not open");
            return Err(Misstep::new(Kind::EventOutOfOrder, what).expecting(["response.content_part.added"]));
        }
        let text = self.texts.entry((item, part, what.to_owned())).or_insert(false);
        if *text {
            let kind = if is_done {
                Kind::EventDuplicated
            } else {
                Kind::EventOutOfOrder
            };
            return Err(Misstep::new(
                kind,
                format!("is of the {what} of item {item}, which is done"),
            ));
        }
        *text = is_done;
        Ok(())
    }

    fn left_open(&self) -> Vec<String> {
        let items = self.items.iter().filter(|(_, done)| !**done);
        items.map(|(item, _)| format!("item {item}")).collect()
    }
}

fn number(event: &Event, field: &str) -> Result<u64, Misstep> {
    let number = event.field(field).and_then(Value::as_u64);
    number.ok_or_else(|| Misstep::new(Kind::EventMalformed, format!("lacks the number `{field}`")))
}
