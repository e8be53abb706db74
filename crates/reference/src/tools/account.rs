use std::sync::Arc;

use async_trait::async_trait;

use super::Tool;
use crate::{AccountStore, ToolError, UserExecutionContext};

/// Looks up the account of the user of the run.
#[derive(Debug)]
pub struct AccountLookup {
    accounts: Arc<AccountStore>,
}

impl AccountLookup {
    /// Creates a tool that reads from these accounts.
    #[must_use]
    pub fn new(accounts: Arc<AccountStore>) -> Self {
        Self { accounts }
    }
}

#[async_trait]
impl Tool for AccountLookup {
    fn name(&self) -> &'static str {
        "account_lookup"
    }

    async fn call(&self, context: &UserExecutionContext, _input: &str) -> Result<String, ToolError> {
        let account = self.accounts.get(context.user()).await;
        let account = account.ok_or_else(|| ToolError::new("you have no account; create an engine first"))?;
        Ok(format!(
            "the account of {} is on the {} plan",
            account.owner, account.plan
        ))
    }
}
