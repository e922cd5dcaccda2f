#![doc = include_str!("../README.md")]

pub mod error;
pub mod keys;
pub mod mask;
pub mod sealer;

pub use error::{KeyError, SealError};
pub use keys::Keys;
pub use mask::{mask_card, mask_document, mask_mobile, mask_name};
pub use sealer::Sealer;
