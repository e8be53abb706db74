//! What looks like competing implementations of one role.

use crate::config::{Config, Mistakes};
use crate::model::Model;
use crate::rules::Drafts;

pub(crate) fn standing(_model: &Model, _config: &Config, _mistakes: &mut Mistakes, _drafts: &mut Drafts) {}
