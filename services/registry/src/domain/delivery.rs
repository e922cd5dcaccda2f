//! The developer hands homes over (交付): from that day they count with their owners.

use chrono::NaiveDate;

use super::home::{OwnedHome, Sale};
use super::refusal::Refusal;

/// Decides that `homes` were handed over on the day `on`; `today` is in China. Answers them as they are then.
///
/// A home is handed over to somebody: its owners are recorded first, or no roll that holds it could be counted.
///
/// # Errors
/// `DELIVERY_IN_THE_FUTURE` after today; `HOME_UNOWNED` where no owners are recorded; `HOME_DELIVERED` where a home was
/// handed over already.
pub fn decide(mut homes: Vec<OwnedHome>, on: NaiveDate, today: NaiveDate) -> Result<Vec<OwnedHome>, Refusal> {
    if on > today {
        return Err(Refusal::DeliveryInTheFuture { on, today });
    }
    for owned in &mut homes {
        match owned.home.sale {
            Sale::Delivered { on } => {
                return Err(Refusal::HomeDelivered {
                    door: owned.home.door(),
                    on,
                });
            }
            Sale::Unsold | Sale::Sold if owned.ownership.is_none() => {
                return Err(Refusal::HomeUnowned {
                    door: owned.home.door(),
                });
            }
            Sale::Unsold | Sale::Sold => owned.home.sale = Sale::Delivered { on },
        }
    }
    Ok(homes)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use ids::{AreaId, BuildingId, OwnerId};

    use super::*;
    use crate::domain::home::{Home, HomeUse};
    use crate::domain::ownership::Ownership;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn home(sale: Sale, owned: bool) -> OwnedHome {
        let unit_number = "330783004015GB00001F00010001".parse().unwrap();
        let id = Home::id_of(&unit_number);
        OwnedHome {
            home: Home {
                id,
                area_id: AreaId::derive("a"),
                building_id: BuildingId::derive("a/1"),
                stairwell: "1".into(),
                room: "101".into(),
                unit_number,
                exclusive_area: money::Area(10_000),
                usage: HomeUse::Residential,
                sale,
            },
            ownership: owned.then(|| Ownership::since(id, vec![OwnerId::derive("o")], day("2026-03-01"))),
        }
    }

    #[test]
    fn a_home_with_owners_is_handed_over_once_whatever_its_state_was_before() {
        let on = day("2026-02-27");
        for sale in [Sale::Unsold, Sale::Sold] {
            let after = decide(vec![home(sale, true)], on, day("2026-03-02")).unwrap();
            assert_eq!(after[0].home.sale, Sale::Delivered { on });
            let refused = decide(after, day("2026-03-01"), day("2026-03-02")).unwrap_err();
            assert_eq!(
                refused,
                Refusal::HomeDelivered {
                    door: "1-101".into(),
                    on
                }
            );
        }
    }

    #[test]
    fn a_hand_over_to_nobody_or_to_come_is_refused() {
        let today = day("2026-03-02");
        for sale in [Sale::Unsold, Sale::Sold] {
            let refused = decide(vec![home(sale, false)], today, today).unwrap_err();
            assert_eq!(<&str>::from(&refused), "HOME_UNOWNED");
        }
        let refused = decide(vec![home(Sale::Sold, true)], day("2026-03-03"), today).unwrap_err();
        assert_eq!(<&str>::from(&refused), "DELIVERY_IN_THE_FUTURE");
    }
}
