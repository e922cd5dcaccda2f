//! One leader at a time.

use outbox::lease::Lease;

use crate::relay::expire_leases;
use crate::setting::Setting;

#[tokio::test(flavor = "multi_thread")]
async fn one_of_two_leads_until_its_term_ends_or_it_gives_back() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        let one = Lease::new(setting.database.clone(), "work");
        let two = Lease::new(setting.database.clone(), "work");
        let other = Lease::new(setting.database.clone(), "other work");
        assert!(one.take().await.unwrap());
        assert!(!two.take().await.unwrap(), "it is taken");
        assert!(one.take().await.unwrap(), "the holder renews");
        assert!(
            other.take().await.unwrap(),
            "leases of other names are other leases"
        );

        expire_leases(&setting.database).await;
        assert!(two.take().await.unwrap(), "the term ended");
        assert!(!one.take().await.unwrap());

        one.give_back().await.unwrap();
        assert!(!one.take().await.unwrap(), "only the holder gives back");
        two.give_back().await.unwrap();
        assert!(one.take().await.unwrap());
        setting.end().await;
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_many_who_ask_at_once_one_leads() {
    for backend in testkit::backends().await {
        let setting = Setting::new(backend, "committees").await;
        for _ in 0..5 {
            let takers: Vec<Lease> = (0..6)
                .map(|_| Lease::new(setting.database.clone(), "work"))
                .collect();
            let taken = futures::future::join_all(takers.iter().map(Lease::take)).await;
            assert_eq!(
                taken.into_iter().filter(|taken| *taken.as_ref().unwrap()).count(),
                1
            );
            expire_leases(&setting.database).await;
        }
        setting.end().await;
    }
}
