//! The developer sells homes (销售). Until they are handed over they still count with the developer.

use chrono::NaiveDate;

use super::refusal::Refusal;
use crate::domain::home::{OwnedHome, Sale};

/// Decides that `homes` were sold on the day `on`; `today` is in China. Answers them as they are then.
///
/// # Errors
/// `DAY_IN_THE_FUTURE`; `HOME_SOLD` where one is sold or handed over already.
pub fn decide(mut homes: Vec<OwnedHome>, on: NaiveDate, today: NaiveDate) -> Result<Vec<OwnedHome>, Refusal> {
    if on > today {
        return Err(Refusal::DayInTheFuture { on, today });
    }
    for owned in &mut homes {
        match owned.home.sale {
            Sale::Unsold => owned.home.sale = Sale::Sold,
            Sale::Sold | Sale::Delivered { .. } => {
                return Err(Refusal::HomeSold {
                    door: owned.home.door(),
                });
            }
        }
    }
    Ok(homes)
}
