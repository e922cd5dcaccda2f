//! Contracts of property service: the stories, each refusal, repeats and races, who sees what.

mod as_of;
pub mod desk;
mod modes;
mod notices;
pub mod project_managers;
mod reads;
mod refusals;
mod repeats;
mod terms;
mod transitions;
