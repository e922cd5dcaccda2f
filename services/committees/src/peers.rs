//! Ways to other services: what is asked of them and how their answers are read. No transaction is open meanwhile.

mod registry;

pub use self::registry::Registry;
