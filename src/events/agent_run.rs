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
}
