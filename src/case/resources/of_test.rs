use super::clock::ClockState;
use super::temp_folder::TempFolder;
use super::unique_name::UniqueName;
use super::users::Users;
use crate::current::CurrentTest;

/// What one test is given.
#[derive(Debug)]
pub(in crate::case) struct Resources {
    pub(in crate::case) users: Users,
    pub(in crate::case) clock: ClockState,
    pub(in crate::case) folder: TempFolder,
    pub(in crate::case) name: UniqueName,
}

impl Resources {
    /// Users drawn from `seed`, and a clock that is paused where `paused` is set, and can be where `can_pause` is.
    pub(in crate::case) fn new(test: &CurrentTest, seed: u64, can_pause: bool, paused: bool) -> Self {
        Self {
            users: Users::new(test, seed),
            clock: ClockState::new(can_pause, paused),
            folder: TempFolder::default(),
            name: UniqueName::default(),
        }
    }
}
