//! The counter at which prices are recorded, over the desk of contracts: an area, its firm, and committees that decides.

use access::Principal;
use ids::{CreditCode, FirmId};
use proto::committees::v1 as committees;
use proto::common::v1 as common;
use proto::registry::v1 as pb;
use proto::registry::v1::price_service_client::PriceServiceClient;
use rpc::Peer;
use testkit::people;
use tonic::Status;

use crate::contracts::desk::{self, Desk, authority, ballot, committee};
use crate::world::*;

pub struct Counter {
    pub desk: Desk,
}

/// Runs a test on every database that can be had.
pub async fn each(test: impl AsyncFn(Counter)) {
    desk::each(async |desk| test(Counter { desk }).await).await;
}

pub fn firm() -> Principal {
    people::firm(manager())
}

pub fn flats() -> pb::PricedHomes {
    let mut homes = pb::PricedHomes::default();
    homes.set_use(common::HomeUse::Residential);
    homes.set_building_type(pb::BuildingType::HighRise);
    homes.set_housing_class(pb::HousingClass::Ordinary);
    homes
}

pub fn other(usage: common::HomeUse) -> pb::PricedHomes {
    let mut homes = pb::PricedHomes::default();
    homes.set_use(usage);
    homes
}

/// High-rise flats of the area at grade 2, from the beginning of 2024.
pub fn standard(price_fen: i64, effective_from: &str) -> pb::RecordFeeStandardRequest {
    let mut request = pb::RecordFeeStandardRequest {
        area_id: area().to_string(),
        homes: Some(flats()),
        price_fen,
        grade: 2,
        effective_from: effective_from.into(),
        ..Default::default()
    };
    request.set_charging(pb::FeeCharging::LumpSum);
    request
}

pub fn auditor() -> CreditCode {
    let body = "91330783MA2E40099";
    format!("{body}{}", CreditCode::check_char(body).unwrap())
        .parse()
        .unwrap()
}

/// A raise of the flats from 140 to 165 fen on 1 July.
pub fn proposal() -> pb::ProposePriceAdjustmentRequest {
    pb::ProposePriceAdjustmentRequest {
        area_id: area().to_string(),
        lines: vec![pb::ProposedPrice {
            homes: Some(flats()),
            price_fen: 165,
            grade: 2,
        }],
        effective_from: "2026-07-01".into(),
        reason: "人工成本上涨，上年度亏损。".into(),
        audit: Some(pb::PriceAudit {
            report_digest: "9f".repeat(32),
            auditor_credit_code: auditor().to_string(),
            auditor_name: "东阳会计师事务所（演示）".into(),
            year: 2025,
        }),
    }
}

impl Counter {
    pub fn client(&self) -> PriceServiceClient<Peer> {
        PriceServiceClient::new(self.desk.registry.peer())
    }

    pub async fn record_as(
        &self,
        caller: &Principal,
        message: pb::RecordFeeStandardRequest,
    ) -> Result<pb::FeeStandard, Status> {
        let request = self.desk.request(caller, message);
        Ok(self.client().record_fee_standard(request).await?.into_inner())
    }

    pub async fn record(&self, message: pb::RecordFeeStandardRequest) -> Result<pb::FeeStandard, Status> {
        self.record_as(&authority(), message).await
    }

    pub async fn propose_as(
        &self,
        caller: &Principal,
        message: pb::ProposePriceAdjustmentRequest,
    ) -> Result<pb::PriceAdjustment, Status> {
        let request = self.desk.request(caller, message);
        let answer = self.client().propose_price_adjustment(request).await?;
        Ok(answer.into_inner())
    }

    /// The flats cost 140 fen, and their firm proposed 165.
    pub async fn proposed(&self) -> pb::PriceAdjustment {
        self.record(standard(140, "2024-01-01")).await.unwrap();
        self.propose_as(&firm(), proposal()).await.unwrap()
    }

    pub async fn publish_as(
        &self,
        caller: &Principal,
        adjustment_id: &str,
        on: &str,
    ) -> Result<pb::PriceAdjustment, Status> {
        let message = pb::PublishPriceAdjustmentRequest {
            adjustment_id: adjustment_id.into(),
            published_on: on.into(),
        };
        let request = self.desk.request(caller, message);
        let answer = self.client().publish_price_adjustment(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn ask_as(
        &self,
        caller: &Principal,
        adjustment_id: &str,
        objections: Option<i32>,
    ) -> Result<pb::PriceAdjustment, Status> {
        let message = pb::RequestPriceBallotRequest {
            adjustment_id: adjustment_id.into(),
            objections,
        };
        let request = self.desk.request(caller, message);
        Ok(self.client().request_price_ballot(request).await?.into_inner())
    }

    /// Published on 2 March, asked on 2 April.
    pub async fn asked(&self) -> pb::PriceAdjustment {
        let proposed = self.proposed().await;
        let id = proposed.adjustment_id.as_str();
        self.publish_as(&committee(), id, TODAY).await.unwrap();
        self.desk.at("2026-04-02").await;
        self.ask_as(&committee(), id, Some(3)).await.unwrap()
    }

    pub async fn decide_as(
        &self,
        caller: &Principal,
        adjustment_id: &str,
        ballot_id: &str,
    ) -> Result<pb::PriceAdjustment, Status> {
        let message = pb::DecidePriceAdjustmentRequest {
            adjustment_id: adjustment_id.into(),
            ballot_id: ballot_id.into(),
        };
        let request = self.desk.request(caller, message);
        let answer = self.client().decide_price_adjustment(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn withdraw_as(
        &self,
        caller: &Principal,
        adjustment_id: &str,
    ) -> Result<pb::PriceAdjustment, Status> {
        let message = pb::WithdrawPriceAdjustmentRequest {
            adjustment_id: adjustment_id.into(),
            reason: "另行协商。".into(),
        };
        let request = self.desk.request(caller, message);
        let answer = self.client().withdraw_price_adjustment(request).await?;
        Ok(answer.into_inner())
    }

    pub async fn get_as(
        &self,
        caller: &Principal,
        adjustment_id: &str,
    ) -> Result<pb::PriceAdjustment, Status> {
        let message = pb::GetPriceAdjustmentRequest {
            adjustment_id: adjustment_id.into(),
        };
        let request = self.desk.request(caller, message);
        Ok(self.client().get_price_adjustment(request).await?.into_inner())
    }

    /// The owners of the whole area decided on a matter, counted on that day.
    pub async fn voted(&self, name: &str, matter: committees::Matter, passed: bool, on: &str) -> String {
        let mut ballot = ballot(name, matter, passed);
        let day: chrono::NaiveDate = on.parse().unwrap();
        if let Some(result) = &mut ballot.result {
            result.decided_at = Some(calendar::start_of_day(day).into());
        }
        let id = ballot.ballot_id.clone();
        self.desk.tell(ballot).await;
        id
    }

    /// The prices of the area on a day, as `fen from until`; today where it is empty.
    pub async fn prices(&self, as_of: &str) -> Vec<String> {
        let message = pb::ListFeeStandardsRequest {
            area_id: area().to_string(),
            as_of: as_of.into(),
            ..Default::default()
        };
        let request = self.desk.request(&people::owner(owner(1001)), message);
        let answer = self.client().list_fee_standards(request).await.unwrap();
        let standards = answer.into_inner().standards.into_iter();
        standards
            .map(|found| {
                format!(
                    "{} {} {}",
                    found.price_fen, found.effective_from, found.effective_until
                )
                .trim_end()
                .to_owned()
            })
            .collect()
    }
}

/// Another property firm, which does not manage the area.
pub fn stranger() -> Principal {
    people::firm(FirmId::derive(desk::rival_code().as_str()))
}
