//! Ways to other services: what is asked of them and how their answers are read. No transaction is open meanwhile.

mod registry;
mod status;

pub use self::registry::Registry;
