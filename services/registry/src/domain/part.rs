//! What a building is made of and what serves it: corrected areas, sales, warranties, equipment, parking.

pub mod correction;
pub mod equipment;
pub mod event;
pub mod facts;
pub mod parking;
pub mod refusal;
pub mod sale;
pub mod warranty;
