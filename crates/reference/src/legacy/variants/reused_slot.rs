//! Row 50, *answer-shift*: an answer arrives in a slot that has been given to the next caller.
//!
//! A caller takes a slot, and a task puts the answer there. A caller who is gone gives the slot back, and the task does not know.

use std::collections::VecDeque;
use std::sync::Arc;

use tokio::sync::Notify;

use crate::legacy::base::{Base, legacy_engine, legacy_factory};
use crate::{Answer, Guarded, Prompt, Request, RunError};

legacy_factory! {
    /// Creates engines whose answers arrive in slots.
    ReusedSlotFactory { slots: Arc<Slots> = Arc::default() }
    engine |this, ids, sink, slot| SlottedEngine {
        slots: Arc::clone(&this.slots),
        base: Base::new(&this.model, ids, sink, slot),
    };
}

#[derive(Debug, Default)]
struct Slots {
    free: Guarded<VecDeque<Arc<AnswerSlot>>>,
}

#[derive(Debug, Default)]
struct AnswerSlot {
    answer: Guarded<Option<Result<String, RunError>>>,
    arrived: Notify,
}

/// Gives the slot back, also if its caller is dropped.
struct Taken<'a> {
    slots: &'a Slots,
    slot: Arc<AnswerSlot>,
}

impl Drop for Taken<'_> {
    fn drop(&mut self) {
        self.slots
            .free
            .with(|free| free.push_front(Arc::clone(&self.slot)));
    }
}

#[derive(Debug)]
struct SlottedEngine {
    slots: Arc<Slots>,
    base: Base,
}

impl SlottedEngine {
    async fn ask(&self, request: &Request) -> Result<String, RunError> {
        let slot = self.slots.free.with(VecDeque::pop_front).unwrap_or_default();
        let taken = Taken {
            slots: &self.slots,
            slot,
        };
        let (slot, model, request) = (
            Arc::clone(&taken.slot),
            Arc::clone(&self.base.model),
            request.clone(),
        );
        drop(tokio::spawn(async move {
            let text = request.prompt().unwrap_or_default();
            let prompt = Prompt {
                agent: request.agent(),
                text,
                history: &[],
                facts: &[],
            };
            let answer = model.complete(prompt).await.map_err(RunError::from);
            slot.answer.with(|place| *place = Some(answer));
            slot.arrived.notify_one();
        }));
        loop {
            if let Some(answer) = taken.slot.answer.with(Option::take) {
                return answer;
            }
            taken.slot.arrived.notified().await;
        }
    }
}

legacy_engine!(SlottedEngine {
    run(&self, request: Request) -> Result<Answer, RunError> {
        self.base.answering(&request, async |_| self.ask(&request).await).await
    }
});
