//! What a check does with what it is given: bad input, hazards, leaks in every disguise; and how far it looks.

mod bad_input;
mod bad_plans;
mod campaign;
mod contract;
mod declared;
mod drops;
mod fairness;
mod hazards;
mod inspect;
mod json;
mod kept_before;
mod leaks;
mod logs;
mod models;
mod outlived;
mod own_doing;
mod protocols;
mod reach;
mod search;
mod settled;
mod sockets;
mod sound;
mod steps;
mod systems;
mod threads;
