//! The city's tables while they are being written: estates in, rows out, counts kept.

use std::path::Path;

use crate::accounts::Account;
use crate::days;
use crate::dice::Dice;
use crate::error::{Result, SeedsError};
use crate::layout::{Home, Layout, SaleState, Use};
use crate::manifest::{ACCOUNTS_FILE, Counts, FileEntry, MANIFEST_FILE, Manifest, Story, Table};
use crate::people::Title;
use crate::plan::{EstatePlan, Firm, Plan};
use crate::rows::{AreaRow, BuildingRow, DepositRow, FirmRow, HomeRow, OwnershipRow, hundredths};
use crate::size::Size;
use crate::write::{self, ROWS_PER_FILE_MAX, TableWriter};

/// Standard of the first deposit in fen per m²: 65.00 yuan, a value for demonstrations only.
/// The city sets and publishes the real one (165号令, article 7).
pub const DEPOSIT_FEN_PER_M2: u64 = 6_500;

const _: () = assert!(
    DEPOSIT_FEN_PER_M2.is_multiple_of(100),
    "the standard is in whole yuan"
);

/// The tables of the city while they are being written.
pub(crate) struct City<'a> {
    folder: &'a Path,
    counts: Counts,
    firms: TableWriter,
    areas: TableWriter,
    buildings: TableWriter,
    homes: TableWriter,
    ownerships: TableWriter,
    deposits: TableWriter,
}

impl City<'_> {
    pub(crate) fn new(folder: &Path) -> City<'_> {
        City {
            folder,
            counts: Counts::default(),
            firms: TableWriter::single(folder, Table::Firms, "firms"),
            areas: TableWriter::numbered(folder, Table::Areas, "areas"),
            buildings: TableWriter::numbered(folder, Table::Buildings, "buildings"),
            homes: TableWriter::numbered(folder, Table::Homes, "homes"),
            ownerships: TableWriter::numbered(folder, Table::Ownerships, "ownerships"),
            deposits: TableWriter::numbered(folder, Table::Deposits, "deposits"),
        }
    }

    /// Homes written so far.
    pub(crate) fn homes(&self) -> u64 {
        self.counts.homes
    }

    /// Writes the firms.
    pub(crate) fn firms(&mut self, plan: &Plan) -> Result<()> {
        for (kind, firms) in [("PROPERTY", &plan.managers), ("DEVELOPER", &plan.developers)] {
            for firm in firms {
                self.firms.row(&FirmRow {
                    credit_code: firm.credit_code.clone(),
                    name: firm.name.clone(),
                    kind: kind.to_owned(),
                })?;
                self.counts.firms += 1;
            }
        }
        Ok(())
    }

    /// Writes all rows of an estate, whole into one chunk.
    pub(crate) fn estate(
        &mut self,
        plan: &Plan,
        estate: &EstatePlan,
        layout: &Layout,
        titles: &[Option<Title>],
        dice: &mut Dice,
    ) -> Result<()> {
        self.make_room(estate, layout, titles)?;
        let credit_code = |firms: &[Firm], place: Option<usize>| {
            place
                .and_then(|place| firms.get(place))
                .map_or_else(String::new, |firm| firm.credit_code.clone())
        };
        self.areas.row(&AreaRow {
            number: estate.number.clone(),
            name: estate.name.clone(),
            division_code: estate.division_code.clone(),
            developer_credit_code: credit_code(&plan.developers, estate.developer),
            manager_credit_code: credit_code(&plan.managers, estate.manager),
        })?;
        self.counts.areas += 1;
        for building in &layout.buildings {
            self.buildings.row(&BuildingRow {
                area_number: estate.number.clone(),
                number: building.number.clone(),
                floors: building.floors,
            })?;
            self.counts.buildings += 1;
        }
        for (home, title) in layout.homes.iter().zip(titles) {
            self.home(estate, layout, home)?;
            if let Some(title) = title {
                self.ownership(home, title)?;
            }
            self.deposit(home, dice)?;
        }
        Ok(())
    }

    /// Turns to new files where an estate does not fit whole into the open ones;
    /// homes, ownerships and deposits turn together, so that files of one number hold the same estates.
    fn make_room(&mut self, estate: &EstatePlan, layout: &Layout, titles: &[Option<Title>]) -> Result<()> {
        let homes = layout.homes.len() as u64;
        let ownerships: u64 = titles
            .iter()
            .flatten()
            .map(|title| title.owners.len() as u64)
            .sum();
        let rows = homes.max(ownerships);
        if rows > ROWS_PER_FILE_MAX {
            let area_number = estate.number.clone();
            return Err(SeedsError::EstateTooLarge {
                area_number,
                rows,
                bound: ROWS_PER_FILE_MAX,
            });
        }
        if !self.areas.takes(1) {
            self.areas.turn()?;
        }
        if !self.buildings.takes(layout.buildings.len() as u64) {
            self.buildings.turn()?;
        }
        if !(self.homes.takes(homes) && self.ownerships.takes(ownerships) && self.deposits.takes(homes)) {
            self.homes.turn()?;
            self.ownerships.turn()?;
            self.deposits.turn()?;
        }
        Ok(())
    }

    fn home(&mut self, estate: &EstatePlan, layout: &Layout, home: &Home) -> Result<()> {
        let delivered_on = match home.sale {
            SaleState::Delivered { on } => on.to_string(),
            SaleState::Unsold | SaleState::Sold => String::new(),
        };
        self.homes.row(&HomeRow {
            area_number: estate.number.clone(),
            building_number: layout.buildings[home.building].number.clone(),
            stairwell: home.stairwell.clone(),
            room: home.room.clone(),
            unit_number: home.unit_number.clone(),
            exclusive_area: hundredths(u64::from(home.area)),
            use_: home.use_.word().to_owned(),
            sale_state: home.sale.word().to_owned(),
            delivered_on,
        })?;
        let by = &mut self.counts.homes_by;
        *match home.use_ {
            Use::Residential => &mut by.residential,
            Use::Commercial => &mut by.commercial,
            Use::Parking => &mut by.parking,
        } += 1;
        *match home.sale {
            SaleState::Unsold => &mut by.unsold,
            SaleState::Sold => &mut by.sold,
            SaleState::Delivered { .. } => &mut by.delivered,
        } += 1;
        self.counts.homes += 1;
        Ok(())
    }

    fn ownership(&mut self, home: &Home, title: &Title) -> Result<()> {
        for owner in title.owners.iter() {
            self.ownerships.row(&OwnershipRow {
                unit_number: home.unit_number.clone(),
                owner_name: owner.name.clone(),
                document_kind: owner.document_kind().to_owned(),
                document_number: owner.document_number.clone(),
                owned_since: title.owned_since.to_string(),
            })?;
            self.counts.ownerships += 1;
        }
        Ok(())
    }

    /// The first deposit of a delivered home: paid before it was handed over (165号令, article 12),
    /// or, where that was before there were funds, in the two years after they began.
    fn deposit(&mut self, home: &Home, dice: &mut Dice) -> Result<()> {
        let SaleState::Delivered { on } = home.sale else {
            return Ok(());
        };
        let before = days::earlier(on, dice.between(1, 45));
        let paid_on = if before < days::FUNDS_BEGIN {
            days::later(days::FUNDS_BEGIN, dice.between(0, 730))
        } else {
            before
        };
        // Exact: the standard is in whole yuan, so an area in 0.01 m² gives whole fen.
        let fen = u64::from(home.area) * (DEPOSIT_FEN_PER_M2 / 100);
        self.deposits.row(&DepositRow {
            unit_number: home.unit_number.clone(),
            amount: hundredths(fen),
            paid_on: paid_on.to_string(),
            reference: format!("SQ{}", home.unit_number),
        })?;
        self.counts.deposits += 1;
        self.counts.deposits_fen += fen;
        Ok(())
    }

    /// Ends every table, writes accounts and manifest, the manifest last.
    pub(crate) fn finish(
        mut self,
        size: Size,
        seed: u64,
        owners: u64,
        accounts: &[Account],
        story: Story,
    ) -> Result<Manifest> {
        self.counts.owners = owners;
        self.counts.accounts = accounts.len() as u64;
        let mut files = Vec::new();
        for table in [
            self.firms,
            self.areas,
            self.buildings,
            self.homes,
            self.ownerships,
            self.deposits,
        ] {
            files.append(&mut table.finish()?);
        }
        let (bytes, sha256) = write::json(self.folder, ACCOUNTS_FILE, &accounts)?;
        files.push(FileEntry {
            name: ACCOUNTS_FILE.to_owned(),
            table: Table::Accounts,
            rows: accounts.len() as u64,
            bytes,
            sha256,
        });
        let manifest = Manifest {
            size,
            seed,
            as_of: days::AS_OF.to_string(),
            counts: self.counts,
            files,
            story,
        };
        write::json(self.folder, MANIFEST_FILE, &manifest)?;
        Ok(manifest)
    }
}
