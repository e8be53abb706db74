//! The protocols that come with the crate.

use super::ag_ui;
use super::model_apis::{AnthropicMessages, OpenAiChat, OpenAiResponses};
use super::protocol::Protocol;

impl Protocol {
    /// The five events of an agent's run: `agent_started`, then `agent_thinking` and pairs of `tool_executing` and `tool_completed`, then `agent_completed`.
    ///
    /// Where events carry a `run_id`, the events of each run follow this order, and those of several runs interleave. Types may also be written
    /// `AgentStarted` or `AGENT_STARTED`.
    #[must_use]
    pub fn agent_run() -> Self {
        let mut protocol = Self::new("agent run").keyed(
            "run_id",
            "agent_started (agent_thinking | tool_executing tool_completed)* agent_completed",
        );
        protocol.in_snake_case = true;
        for rule in &mut protocol.keyed {
            rule.is_optional = true;
        }
        protocol
    }

    /// AG-UI 1.0, the agent-user interaction protocol: its event types and sequencing rules, as its reference client verifies them.
    ///
    /// A run begins with `RUN_STARTED` and ends with `RUN_FINISHED`, when nothing is open, or `RUN_ERROR`; text messages, tool calls, reasoning and steps open and
    /// close by id, interleave, and belong to the agent or to a subagent; chunks open and close what they continue. A stream may hold several runs. Types that the
    /// protocol does not know are ignored, as clients do.
    ///
    /// Beyond the reference client, the thread and run id of `RUN_FINISHED` have to be those of its `RUN_STARTED`, and the stream has to end with its run. In a
    /// check, an event of a run that only another user has started is a misattribution.
    ///
    /// Source: AG-UI 1.0 (2026), npm `@ag-ui/client` 1.0.0.
    #[must_use]
    pub fn ag_ui() -> Self {
        let mut protocol = Self::new("AG-UI");
        protocol.machine = Some(|| Box::new(ag_ui::Verifier::default()));
        protocol.run_id = Some(("RUN_STARTED", "runId"));
        protocol
    }

    /// The stream of an OpenAI chat completion: chunks of one id, whose choices begin with a role and end with a reason to finish; the usage, where it was
    /// asked for; then the text `[DONE]`. An object with an `error` may end it.
    ///
    /// Source: the API's reference of streamed chat completions.
    #[must_use]
    pub fn openai_chat() -> Self {
        let mut protocol = Self::new("OpenAI chat completion").type_at("object");
        protocol.machine = Some(|| Box::new(OpenAiChat::default()));
        protocol
    }

    /// The stream of an OpenAI response: events numbered by `sequence_number` from 0, `response.created` first, items and their parts that are added and done, and at the end
    /// `response.completed`, `response.incomplete`, `response.failed` or `error`.
    ///
    /// Source: the API's reference of the streaming events of responses.
    #[must_use]
    pub fn openai_responses() -> Self {
        let mut protocol = Self::new("OpenAI response");
        protocol.machine = Some(|| Box::new(OpenAiResponses::default()));
        protocol
    }

    /// The stream of an Anthropic message: `message_start`, content blocks one after another, `message_delta`, `message_stop`; `ping` anywhere; `error` may end it.
    ///
    /// Source: the API's reference of streamed messages.
    #[must_use]
    pub fn anthropic_messages() -> Self {
        let mut protocol = Self::new("Anthropic message");
        protocol.machine = Some(|| Box::new(AnthropicMessages::default()));
        protocol
    }
}
