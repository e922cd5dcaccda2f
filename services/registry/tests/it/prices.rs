//! Prices of property service: the stories, each refusal, repeats and races, who sees what.

mod adjustments;
pub mod counter;
mod index;
mod repeats;
mod standards;
mod transitions;
