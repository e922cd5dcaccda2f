//! One posting over thousands of homes stays a few statements, under the bind limits of every database.

use funds::app::RegistryChange;
use funds::domain::home::{Home, HomeUse, SaleState};
use ids::HomeId;
use money::Area;

use crate::town::*;

/// Homes of the large building.
const HOMES: usize = 5_000;
/// Homes of one event.
const PER_EVENT: usize = 200;

fn unit_number(number: usize) -> String {
    format!("330783004015GB00002F{number:08}")
}

fn home(number: usize) -> Home {
    Home {
        id: HomeId::derive(&unit_number(number)),
        area_id: area_id(),
        building_id: building_id("6"),
        stairwell: "1".into(),
        room: number.to_string(),
        unit_number: unit_number(number),
        exclusive_area: Area(7_000 + i64::try_from(number % 37).unwrap()),
        home_use: HomeUse::Residential,
        sale_state: SaleState::Delivered,
        delivered_on: Some("2010-01-01".parse().unwrap()),
        owner_ids: Vec::new(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_draw_over_five_thousand_homes_is_split_reserved_and_paid() {
    each(async |town| {
        let homes: Vec<Home> = (0..HOMES).map(home).collect();
        let building = building_id("6").to_string();
        for (version, chunk) in (4..).zip(homes.chunks(PER_EVENT)) {
            let change = RegistryChange::Homes {
                area_id: area_id(),
                homes: chunk.to_vec(),
            };
            town.replicate(&building, version, change).await.unwrap();
        }
        let mut table = "unit_number,amount,paid_on,reference\n".to_owned();
        for number in 0..HOMES {
            table.push_str(&format!(
                "{},5000.00,2010-01-01,L-{number}\n",
                unit_number(number)
            ));
        }
        assert_eq!(town.import(table).await.unwrap().posted, 5_000);
        let draw = town.reserved(&["6"], 123_456_789).await;
        let allocation = draw.allocation.unwrap();
        assert_eq!((allocation.fund_fen, allocation.homes), (123_456_789, 5_000));
        town.accept(&draw.draw_id, 120_000_001).await.unwrap();
        town.pay(&draw.draw_id).await.unwrap();
        let balance = town.trial_balance().await;
        assert_eq!(balance.bank_fen, 5_000 * 500_000 - 120_000_001);
        assert_eq!(
            (balance.reserved_fen, balance.postings, balance.balanced),
            (0, 5_003, true)
        );
    })
    .await;
}
