//! Joint decisions of owners, purely: what a ballot is, who votes in it, how it is counted.
//!
//! Nothing here knows of a store, a network, a clock or a caller's token; every rule gets the time and the dated rules
//! that it needs from outside.

pub mod ballot;
pub mod counting;
pub mod draw;
pub mod event;
pub mod matter;
pub mod price;
pub mod refusal;
pub mod roll;
pub mod vote;

pub use ballot::{Announcement, AskedBy, Ballot, BallotState, Closing, Scope};
pub use counting::{Counts, Outcome, Requirement, Tally};
pub use draw::DrawRequest;
pub use event::BallotEvent;
pub use matter::Matter;
pub use price::PriceRequest;
pub use refusal::Refusal;
pub use roll::{Capacity, Head, HeadVoter, Roll, RollEntry, Voter};
pub use vote::{Asker, Choice, OwnVote, Phase, Poll, Vote, VoteCast};
