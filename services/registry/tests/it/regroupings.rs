//! Regroupings of areas: the stories, each refusal, repeats and races, who sees what.

mod as_of;
mod imports;
pub mod land;
mod parts;
mod refusals;
mod repeats;
mod roles;
mod stories;
mod transitions;
