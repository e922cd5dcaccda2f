#![doc = include_str!("../README.md")]

pub mod citizen_id;
pub mod code;
pub mod credit_code;
pub mod division;
pub mod id;
pub mod kinds;
pub mod mergers;
pub mod unit_number;

pub use citizen_id::CitizenId;
pub use code::{CodeError, CodeKind, Fault};
pub use credit_code::CreditCode;
pub use division::{DivisionCode, DivisionLevel};
pub use id::{Id, IdError, Kind};
pub use kinds::{
    AccountId, AreaId, BallotId, BuildingId, CertificateId, ConductId, ContractId, DelineationId, DrawId,
    EquipmentId, EventId, FeeStandardId, FirmId, HoldingId, HomeId, ImportId, LookId, ManagementModeId,
    ObjectionId, OwnerId, ParkingId, PostingId, PriceAdjustmentId, RegroupingId, RepresentationId, RollId,
    RosterMemberId, SatisfactionId, StaffId, TrainingId, VoteId,
};
pub use mergers::{Merger, Mergers};
pub use unit_number::UnitNumber;
