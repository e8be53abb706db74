//! Row 52, *parallel-only*: a prompt is rendered in scratch space that two threads can use at the same time.
//!
//! The scratch space is a ring of buffers, with one atomic for the next buffer and one for the last. Both are set and read without
//! an await in between, so that on one thread the last buffer always belongs to the caller.
//!
//! A user receives the answer to another user's prompt, rarely. The fault needs two threads: A sets `last`, B sets `last`, A
//! reads `last`.

use std::array;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;

use crate::{
    Answer, CloseError, CreateError, EngineFactory, EventEmitter, EventSink, ExecutionEngine, Guarded, Live,
    Model, Prompt, Registry, Request, RequestIds, RunError, Slot, UserExecutionContext, UserId,
};

/// Creates engines that render prompts in shared scratch space.
#[derive(Debug)]
pub struct SharedScratchFactory {
    model: Arc<dyn Model>,
    registry: Registry,
    scratch: Arc<Scratch>,
}

impl SharedScratchFactory {
    /// Creates a factory whose engines ask this model.
    #[must_use]
    pub fn new(model: Arc<dyn Model>) -> Self {
        Self {
            model,
            registry: Registry::new(4),
            scratch: Arc::new(Scratch::new()),
        }
    }
}

#[async_trait]
impl EngineFactory for SharedScratchFactory {
    async fn create_for_user(
        &self,
        context: RequestIds,
        sink: Arc<dyn EventSink>,
    ) -> Result<Arc<dyn ExecutionEngine>, CreateError> {
        let context = UserExecutionContext::new(context)?;
        let slot = self.registry.reserve(context.user())?;
        slot.install(|slot| SharedScratchEngine {
            model: Arc::clone(&self.model),
            scratch: Arc::clone(&self.scratch),
            emitter: EventEmitter::new(context, sink),
            slot,
        })
    }

    async fn clean_up(&self, user: &UserId) -> Result<(), CloseError> {
        self.registry.clean_up(user).await
    }

    fn live(&self) -> Live {
        self.registry.live()
    }
}

/// The instructions at the end of every prompt.
const INSTRUCTIONS: &str = "(Answer in whole sentences, in the language of the question, and say so where you \
    do not know. Do not make up numbers, names or dates. Where a rule of law may apply, say that you are no \
    lawyer.)";

/// The maximum length of a prompt, in characters.
const MAX_PROMPT_LEN: usize = 4_000;

const BUFFERS: usize = 8;

#[derive(Debug)]
struct Scratch {
    next: AtomicUsize,
    last: AtomicUsize,
    buffers: [Guarded<String>; BUFFERS],
}

impl Scratch {
    fn new() -> Self {
        Self {
            next: AtomicUsize::new(0),
            last: AtomicUsize::new(0),
            buffers: array::from_fn(|_| Guarded::default()),
        }
    }

    /// Writes the text rendered so far and one more word to the next buffer.
    fn push(&self, rendered: &str, word: &str) {
        let buffer = self.next.fetch_add(1, Ordering::AcqRel) % BUFFERS;
        self.buffers[buffer].with(|text| {
            text.clear();
            text.push_str(rendered);
            if !rendered.is_empty() {
                text.push(' ');
            }
            text.push_str(word);
        });
        self.last.store(buffer, Ordering::Release);
    }

    /// Returns the text of the last buffer.
    fn rendered(&self) -> String {
        self.buffers[self.last.load(Ordering::Acquire)].with(|text| text.clone())
    }
}

#[derive(Debug)]
struct SharedScratchEngine {
    model: Arc<dyn Model>,
    scratch: Arc<Scratch>,
    emitter: EventEmitter,
    slot: Slot,
}

impl SharedScratchEngine {
    /// Renders the prompt and the instructions, word by word, up to the maximum length.
    fn render(&self, prompt: &str) -> String {
        let mut rendered = String::new();
        for word in prompt.split_whitespace().chain(INSTRUCTIONS.split_whitespace()) {
            self.scratch.push(&rendered, word);
            if self.scratch.rendered().chars().count() > MAX_PROMPT_LEN {
                break;
            }
            rendered = self.scratch.rendered();
        }
        rendered
    }

    async fn answer(&self, request: &Request) -> Result<String, RunError> {
        let text = self.render(request.prompt()?);
        let prompt = Prompt {
            agent: request.agent(),
            text: &text,
            history: &[],
            facts: &[],
        };
        Ok(self.model.complete(prompt).await?)
    }
}

#[async_trait]
impl ExecutionEngine for SharedScratchEngine {
    async fn run(&self, request: Request) -> Result<Answer, RunError> {
        let events = self.emitter.start(request.agent()).await?;
        let run_id = events.context().run().clone();
        let text = events.finish(self.answer(&request).await).await?;
        Ok(Answer { run_id, text })
    }

    async fn close(&self) -> Result<(), CloseError> {
        self.emitter.disconnect();
        self.slot.release();
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_reads_what_another_thread_set_last() {
        let scratch = Scratch::new();
        scratch.push("", "ada's");
        scratch.push("", "ben's");
        assert_eq!(scratch.rendered(), "ben's", "read by ada's thread");
    }
}
