//! What is in the outbox after each story.

use crate::town::*;

#[tokio::test(flavor = "multi_thread")]
async fn an_event_tells_the_whole_draw_under_the_subject_of_its_community() {
    each(async |town| {
        town.endow().await;
        let draw = town.reserved(&["3"], 1_000_000).await;
        town.accept(&draw.draw_id, 900_000).await.unwrap();
        let paid = town.pay(&draw.draw_id).await.unwrap();
        let events = town.outbox().await;
        for event in &events {
            assert!(event.4.ends_with(".330783.004.015"), "{}", event.4);
        }
        let of_draw: Vec<_> = events.iter().filter(|event| event.1 == draw.draw_id).collect();
        assert_eq!(
            of_draw.iter().map(|event| event.2).collect::<Vec<_>>(),
            [1, 2, 3, 4, 5]
        );
        let last = of_draw.last().unwrap();
        assert_eq!(last.4, "heju.v1.funds.draw.paid.330783.004.015");
        let told: proto::funds::v1::DrawPaid = serde_json::from_value(last.3.clone()).unwrap();
        assert_eq!(told.draw.unwrap(), paid);
        assert_eq!(draw_id(&paid).to_string(), draw.draw_id);
        // Whoever is told needs no name and no document: only ids.
        assert!(events.iter().all(|event| !event.3.to_string().contains("owner_")));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn deposits_are_told_two_hundred_at_a_time() {
    each(async |town| {
        let mut table = "unit_number,amount,paid_on,reference\n".to_owned();
        for number in 0..450 {
            table.push_str(&format!(
                "{},1.00,2012-06-30,M-{number}\n",
                unit_number("3", "101")
            ));
        }
        assert_eq!(town.import(table).await.unwrap().posted, 450);
        let sizes: Vec<_> = town
            .outbox()
            .await
            .iter()
            .map(|event| event.3["deposits"].as_array().unwrap().len())
            .collect();
        assert_eq!(sizes, [200, 200, 50]);
        assert_eq!(town.statement("3", "101").await.movements.len(), 450);
        assert!(town.trial_balance().await.balanced);
    })
    .await;
}
