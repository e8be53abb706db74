use crate::report::Finding;
use crate::report::rows::Row;

/// A lane that is narrower than this shows too little of what its user saw.
const NARROWEST: usize = 24;
/// A lane that is wider than this leaves its neighbours out of sight.
const WIDEST: usize = 56;

/// Which users have a lane.
#[derive(Debug)]
pub(super) struct Columns {
    /// In order.
    pub(super) users: Vec<usize>,
    /// In order.
    pub(super) hidden: Vec<usize>,
    /// Of each lane, in columns.
    pub(super) width: usize,
}

impl Columns {
    /// The lanes that fit into `width` columns: those of all users, or else of the users whom a violation names and of
    /// those who act in the rows `before` it.
    pub(super) fn of(finding: &Finding, before: &[Row<'_>], width: usize) -> Self {
        let count = finding.names.len();
        let most = (width / NARROWEST).max(1);
        let mut users: Vec<usize> = if count <= most {
            (0..count).collect()
        } else {
            let mut involved = Vec::new();
            let named = finding
                .violations
                .iter()
                .flat_map(|violation| [violation.user_index(), violation.owner_index()]);
            let acting = before.iter().map(Row::user);
            for user in named.chain(acting).flatten() {
                if user < count && !involved.contains(&user) {
                    involved.push(user);
                }
            }
            involved.truncate(most);
            involved
        };
        users.sort_unstable();
        Self {
            hidden: (0..count).filter(|user| !users.contains(user)).collect(),
            width: (width / users.len().max(1)).min(WIDEST),
            users,
        }
    }
}
