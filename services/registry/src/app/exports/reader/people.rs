//! How homes are held, and what is recorded of the owners of areas: who acts for them and votes for them.

use std::collections::{BTreeMap, HashMap};

use db::StoreError;
use ids::OwnerId;

use super::{Named, Owners, PER_PAGE, Reader, Row, Sink, Stop};
use crate::app::tables::{distinct, title_cells, verification_cells};
use crate::domain::area::Area;
use crate::domain::export_look::Shown;
use crate::domain::home::Home;
use crate::domain::owner::agent::Agent;
use crate::domain::owner::holding::Holding;
use crate::domain::owner::record::{OwnerRecord, Verification};
use crate::domain::owner::representation::Representation;
use crate::domain::roll::{HeadKey, head_of_owners};
use crate::domain::table::TableKind;
use crate::store::{holdings, homes, owner_records, owners};

/// What tables about owners show of these beside what they tell.
const DOCUMENT: Shown = Shown {
    name: false,
    document_number: true,
    mobile: false,
};

impl Reader<'_> {
    /// How homes are held of which it was recorded.
    pub(super) async fn holdings(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<String> = None;
            while let Some(page) = self.homes_of(area, &mut after).await? {
                let rows = self.holding_rows(&page, sink).await?;
                sink.put(TableKind::Holdings, rows).await?;
            }
        }
        Ok(())
    }

    async fn holding_rows(&self, page: &[Home], sink: &mut Sink<'_>) -> Result<Vec<Row>, StoreError> {
        let mut histories = self.histories(page).await?;
        let of_page = page
            .iter()
            .flat_map(|home| histories.remove(&home.id).unwrap_or_default());
        let mut held: Vec<Holding> = holdings::find_many(self.snapshot, of_page.collect()).await?;
        held.retain(|held| held.version > 0 && held.is_of_its_owners());
        // Of ownerships that began on one day the last is meant.
        held.reverse();
        held.dedup_by_key(|held| held.id);
        held.reverse();
        let owner_ids = held
            .iter()
            .flat_map(|held| held.ownership.owner_ids.iter().copied());
        let named = self.names(&distinct(owner_ids)).await?;
        let units: HashMap<_, _> = page.iter().map(|home| (home.id, &home.unit_number)).collect();
        let mut rows = Vec::with_capacity(held.len());
        for held in held {
            let (title, on) = title_cells(held.title);
            let unit = units.get(&held.ownership.home_id).map(ToString::to_string);
            for owner_id in &held.ownership.owner_ids {
                let owner = of(&named, *owner_id)?;
                self.show(sink, *owner_id, DOCUMENT);
                rows.push(vec![
                    unit.clone().unwrap_or_default(),
                    held.ownership.valid_from.to_string(),
                    owner.document_kind.to_owned(),
                    owner.document_number.clone(),
                    text(held.share_of(*owner_id)),
                    title.to_owned(),
                    text(on),
                ]);
            }
        }
        Ok(rows)
    }

    /// Mobile numbers and comparisons of the owners of whom there are any. Who owns homes in several areas stands in each.
    pub(super) async fn owner_records(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<OwnerId> = None;
            while let Some(ids) = self.owners_of(area, &mut after).await? {
                let rows = self.record_rows(&ids, sink).await?;
                sink.put(TableKind::OwnerRecords, rows).await?;
            }
        }
        Ok(())
    }

    async fn record_rows(&self, ids: &[OwnerId], sink: &mut Sink<'_>) -> Result<Vec<Row>, StoreError> {
        let mut records = owner_records::find_many(self.snapshot, ids).await?;
        records.retain(|_, record| says_something(record));
        let known: Vec<OwnerId> = ids
            .iter()
            .copied()
            .filter(|id| records.contains_key(id))
            .collect();
        let mut mobiles = match self.owners {
            Owners::Clear => owner_records::mobiles_in_clear(self.snapshot, self.sealer, &known).await?,
            Owners::Masked => records
                .iter()
                .filter_map(|(id, record)| Some((*id, record.mobile.clone()?)))
                .collect(),
        };
        let named = self.names(&known).await?;
        let mut rows = Vec::with_capacity(known.len());
        for (id, record) in known.iter().filter_map(|id| Some((*id, records.get(id)?))) {
            let owner = of(&named, id)?;
            let mobile = mobiles.remove(&id);
            let shown = Shown {
                mobile: mobile.is_some(),
                ..DOCUMENT
            };
            self.show(sink, id, shown);
            let (word, on, what) = verification_cells(record.verification);
            rows.push(vec![
                owner.document_kind.to_owned(),
                owner.document_number.clone(),
                mobile.unwrap_or_default(),
                word.to_owned(),
                text(on),
                what,
            ]);
        }
        Ok(rows)
    }

    /// Who acts for the owners; masked only those who do still.
    pub(super) async fn agents(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut after: Option<OwnerId> = None;
            while let Some(ids) = self.owners_of(area, &mut after).await? {
                let rows = self.agent_rows(&ids, sink).await?;
                sink.put(TableKind::Agents, rows).await?;
            }
        }
        Ok(())
    }

    async fn agent_rows(&self, ids: &[OwnerId], sink: &mut Sink<'_>) -> Result<Vec<Row>, StoreError> {
        let mut agents = owner_records::agents_of_many(self.snapshot, ids).await?;
        if self.owners == Owners::Masked {
            // Who acted once is nobody's business any more.
            let acts_still = |agent: &Agent| agent.until_on.is_none_or(|end| self.today < end);
            for agents in agents.values_mut() {
                agents.retain(acts_still);
            }
        }
        let acting = agents
            .iter()
            .flat_map(|(id, agents)| agents.iter().map(|agent| agent.agent_id).chain([*id]));
        let named = self.names(&distinct(acting)).await?;
        let mut rows = Vec::new();
        for id in ids {
            for agent in agents.remove(id).unwrap_or_default() {
                let (owner, acting) = (of(&named, *id)?, of(&named, agent.agent_id)?);
                self.show(sink, *id, DOCUMENT);
                self.show(sink, agent.agent_id, Shown::OWNER);
                rows.push(vec![
                    owner.document_kind.to_owned(),
                    owner.document_number.clone(),
                    agent.from_on.to_string(),
                    acting.name.clone(),
                    acting.document_kind.to_owned(),
                    acting.document_number.clone(),
                    <&str>::from(agent.ground).to_uppercase(),
                    text(agent.until_on),
                    agent.document_digest,
                ]);
            }
        }
        Ok(rows)
    }

    /// Whom the owners of homes of the areas chose; masked only the choice of the present ones that counts, and later ones.
    ///
    /// What is kept is a key of each set of owners: the sets are those that the ownerships of the area tell. A choice of
    /// owners whose home has left the area means nothing there any more, and is left out.
    pub(super) async fn representatives(&self, sink: &mut Sink<'_>) -> Result<(), Stop> {
        for area in self.source_areas() {
            let mut choices: BTreeMap<HeadKey, Vec<Representation>> = BTreeMap::new();
            for choice in holdings::choices(self.snapshot, area.id, None).await? {
                choices.entry(choice.head_key).or_default().push(choice);
            }
            if self.owners == Owners::Masked {
                for choices in choices.values_mut() {
                    let counts = choices.iter().rposition(|choice| choice.from_on <= self.today);
                    choices.drain(..counts.unwrap_or(0));
                }
            }
            let mut after: Option<String> = None;
            while let Some(page) = self.homes_of(area, &mut after).await? {
                let rows = self.choice_rows(area, &page, &mut choices, sink).await?;
                sink.put(TableKind::Representatives, rows).await?;
            }
        }
        Ok(())
    }

    /// The choices of those who own these homes; they are taken out.
    async fn choice_rows(
        &self,
        area: &Area,
        page: &[Home],
        choices: &mut BTreeMap<HeadKey, Vec<Representation>>,
        sink: &mut Sink<'_>,
    ) -> Result<Vec<Row>, StoreError> {
        let mut histories = self.histories(page).await?;
        let mut found: Vec<(Vec<OwnerId>, Vec<Representation>)> = Vec::new();
        for held in page
            .iter()
            .flat_map(|home| histories.remove(&home.id).unwrap_or_default())
        {
            if let Some(chosen) = choices.remove(&head_of_owners(&held.owner_ids)) {
                found.push((held.owner_ids, chosen));
            }
        }
        let owner_ids = found.iter().flat_map(|(owner_ids, _)| owner_ids.iter().copied());
        let named = self.names(&distinct(owner_ids)).await?;
        let mut rows = Vec::new();
        for (owner_ids, chosen) in found {
            let mut numbers = Vec::with_capacity(owner_ids.len());
            for id in owner_ids {
                self.show(sink, id, DOCUMENT);
                numbers.push(of(&named, id)?.document_number.as_str());
            }
            let numbers = numbers.join(";");
            for choice in chosen {
                let voter = of(&named, choice.owner_id)?;
                rows.push(vec![
                    area.number.clone(),
                    numbers.clone(),
                    choice.from_on.to_string(),
                    voter.document_kind.to_owned(),
                    voter.document_number.clone(),
                    choice.document_digest,
                ]);
            }
        }
        Ok(rows)
    }

    /// Notes what is shown of somebody in clear.
    fn show(&self, sink: &mut Sink<'_>, id: OwnerId, what: Shown) {
        match self.owners {
            Owners::Clear => sink.show(id, what),
            Owners::Masked => {}
        }
    }

    /// The next homes of an area, by unit number; none at its end.
    async fn homes_of(
        &self,
        area: &Area,
        after: &mut Option<String>,
    ) -> Result<Option<Vec<Home>>, StoreError> {
        let filter = homes::Filter::Area(area.id, None);
        let page = homes::list(self.snapshot, &filter, after.as_deref(), PER_PAGE).await?;
        *after = page.last().map(|home| home.unit_number.to_string());
        Ok(after.is_some().then_some(page))
    }

    /// The next owners that the ownerships of an area name, by id; none at its end.
    async fn owners_of(
        &self,
        area: &Area,
        after: &mut Option<OwnerId>,
    ) -> Result<Option<Vec<OwnerId>>, StoreError> {
        let past = self.owners == Owners::Clear;
        let ids = owners::list_in(self.snapshot, area.id, past, *after, PER_PAGE).await?;
        *after = ids.last().copied();
        Ok(after.is_some().then_some(ids))
    }
}

fn says_something(record: &OwnerRecord) -> bool {
    record.mobile.is_some() || record.verification != Verification::Open
}

fn of(named: &HashMap<OwnerId, Named>, id: OwnerId) -> Result<&Named, StoreError> {
    named
        .get(&id)
        .ok_or_else(|| StoreError::Corrupt("an owner is not there".into()))
}

fn text(value: Option<impl ToString>) -> String {
    value.map(|value| value.to_string()).unwrap_or_default()
}
