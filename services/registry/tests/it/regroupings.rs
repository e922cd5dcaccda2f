//! Regroupings of areas: the stories, each refusal, repeats and races, who sees what.

mod as_of;
mod endings;
mod imports;
pub mod land;
mod naming;
pub mod pairs;
mod parts;
mod races;
mod refusals;
mod repeats;
mod roles;
mod stories;
mod transitions;
