//! What funds asks the owners to agree to: a use of the maintenance fund (使用维修资金), as text for a ballot.

use chrono::{DateTime, Utc};
use ids::{BallotId, DivisionCode, DrawId};
use money::Fen;
use rules::SharedPart;

use super::ballot::{AskedBy, Changed};
use super::{Ballot, Matter, Scope};

/// A draw that was checked and now needs the owners' vote.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DrawRequest {
    /// The draw.
    pub draw_id: DrawId,
    /// The homes that benefit, and therefore vote and pay.
    pub scope: Scope,
    /// The community or village of the area.
    pub division: DivisionCode,
    /// What is repaired.
    pub part: SharedPart,
    /// A line that says it.
    pub title: String,
    /// Plan, contractor, reasons.
    pub text: String,
    /// What the owners are asked to agree to.
    pub budget: Fen,
}

impl DrawRequest {
    /// The id of the ballot of a draw: derived, so that asking twice cannot make two.
    pub fn ballot_id(draw_id: DrawId) -> BallotId {
        BallotId::derive(&draw_id.to_string())
    }

    /// The ballot on this draw; `buildings` are the numbers of the scope's buildings (幢号), as far as known.
    pub fn prepare(&self, buildings: &[String], now: DateTime<Utc>) -> Changed {
        Ballot::prepare(
            Self::ballot_id(self.draw_id),
            self.scope.clone(),
            self.division,
            Matter::FundUse,
            self.title.clone(),
            self.ballot_text(buildings),
            Some(AskedBy::Draw(self.draw_id)),
            now,
        )
    }

    /// The question put to the owners, with what they need to know to answer it.
    fn ballot_text(&self, buildings: &[String]) -> String {
        let question = format!(
            "是否同意使用住宅专项维修资金？\n维修部位：{}\n预算金额：{}元\n受益范围：{}",
            part_zh(self.part),
            self.budget,
            self.scope_zh(buildings),
        );
        let bearing = "费用由受益范围内各房屋按专有面积分摊。";
        match self.text.is_empty() {
            true => format!("{question}\n{bearing}"),
            false => format!("{question}\n{bearing}\n\n{}", self.text),
        }
    }

    fn scope_zh(&self, buildings: &[String]) -> String {
        let count = self.scope.building_ids.len();
        if count == 0 {
            return "整个物业管理区域".into();
        }
        // A building that the replica does not have yet is counted, not guessed.
        let named = match buildings.len() == count {
            true => format!("{}幢", buildings.join("、")),
            false => format!("共{count}幢"),
        };
        match self.scope.stairwells.is_empty() {
            true => named,
            false => format!("{named}{}单元", self.scope.stairwells.join("、")),
        }
    }
}

fn part_zh(part: SharedPart) -> &'static str {
    match part {
        SharedPart::RoofWaterproofing => "屋面防水、外墙面防渗漏",
        SharedPart::Structure => "主体结构",
        SharedPart::Lift => "电梯",
        SharedPart::WiringAndPipes => "电气管线、给排水管道",
        SharedPart::FireEquipment => "消防设施",
        SharedPart::Other => "其他共用部位",
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;
    use ids::{AreaId, BuildingId};

    fn request(buildings: usize, stairwells: &[&str]) -> DrawRequest {
        DrawRequest {
            draw_id: DrawId::derive("draw"),
            scope: Scope {
                area_id: AreaId::derive("area"),
                building_ids: (0..buildings)
                    .map(|n| BuildingId::derive(&n.to_string()))
                    .collect(),
                stairwells: stairwells.iter().map(ToString::to_string).collect(),
            },
            division: "330783004015".parse().unwrap(),
            part: SharedPart::RoofWaterproofing,
            title: "3幢屋面防水维修".into(),
            text: "保修五年。".into(),
            budget: Fen(4_567_890),
        }
    }

    fn text(request: &DrawRequest, buildings: &[&str]) -> String {
        let buildings: Vec<String> = buildings.iter().map(ToString::to_string).collect();
        request.prepare(&buildings, DateTime::UNIX_EPOCH).0.text
    }

    #[test]
    fn the_owners_read_part_budget_scope_and_plan() {
        assert_eq!(
            text(&request(1, &["1", "2"]), &["3"]),
            "是否同意使用住宅专项维修资金？\n维修部位：屋面防水、外墙面防渗漏\n预算金额：45,678.90元\n\
             受益范围：3幢1、2单元\n费用由受益范围内各房屋按专有面积分摊。\n\n保修五年。"
        );
    }

    #[test]
    fn a_scope_is_named_as_far_as_it_is_known() {
        assert!(text(&request(0, &[]), &[]).contains("受益范围：整个物业管理区域\n"));
        assert!(text(&request(2, &[]), &["3", "5"]).contains("受益范围：3、5幢\n"));
        assert!(text(&request(2, &[]), &["3"]).contains("受益范围：共2幢\n"));
    }

    #[test]
    fn asking_twice_names_the_same_ballot() {
        let once = request(1, &[]).prepare(&[], DateTime::UNIX_EPOCH).0;
        let again = request(1, &[]).prepare(&[], DateTime::UNIX_EPOCH).0;
        assert_eq!((once.id, once.matter), (again.id, Matter::FundUse));
    }
}
