//! The folder: the same bytes again, checksums, nothing stale, clear refusals.

use std::collections::BTreeSet;
use std::fs;

use heju_seeds::{DEFAULT_SEED, Manifest, ROWS_PER_FILE_MAX, SeedsError, Size, Table, generate};

use crate::reading::{Generated, sha256};

const MIDDLE: Size = Size::Custom {
    estates: 40,
    homes: 14_000,
};

#[test]
fn the_same_size_and_seed_give_the_same_bytes() {
    let (one, other) = (Generated::new(MIDDLE), Generated::new(MIDDLE));
    assert_eq!(one.manifest, other.manifest);
    for file in one
        .manifest
        .files
        .iter()
        .map(|file| file.name.as_str())
        .chain(["manifest.json"])
    {
        assert_eq!(
            fs::read(one.path().join(file)).unwrap(),
            fs::read(other.path().join(file)).unwrap(),
            "{file}"
        );
    }
}

#[test]
fn another_seed_gives_another_city() {
    let (one, other) = (
        Generated::new(Size::Small),
        Generated::with_seed(Size::Small, DEFAULT_SEED + 1),
    );
    assert_ne!(one.ownerships(), other.ownerships());
    assert_eq!(one.manifest.story.area_number, other.manifest.story.area_number);
}

#[test]
fn the_manifest_tells_each_files_rows_length_and_checksum() {
    let city = Generated::new(MIDDLE);
    let mut names = BTreeSet::from(["manifest.json".to_owned()]);
    for file in &city.manifest.files {
        let path = city.path().join(&file.name);
        assert_eq!(sha256(&path), file.sha256, "{}", file.name);
        assert_eq!(fs::metadata(&path).unwrap().len(), file.bytes);
        assert!(names.insert(file.name.clone()));
        if file.table != Table::Accounts {
            assert!(
                (1..=ROWS_PER_FILE_MAX).contains(&file.rows),
                "{}: {} rows",
                file.name,
                file.rows
            );
            assert_eq!(
                fs::read_to_string(&path).unwrap().lines().count() as u64,
                file.rows + 1
            );
        }
    }
    let found: BTreeSet<String> = fs::read_dir(city.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert_eq!(found, names);
    assert_eq!(Manifest::read(city.path()).unwrap(), city.manifest);
}

#[test]
fn files_are_listed_in_the_order_of_loading() {
    let city = Generated::new(MIDDLE);
    let order: Vec<Table> = city.manifest.files.iter().map(|file| file.table).collect();
    let mut tables = order.clone();
    tables.dedup();
    assert_eq!(
        tables,
        [
            Table::Firms,
            Table::Areas,
            Table::Buildings,
            Table::Homes,
            Table::Ownerships,
            Table::Deposits,
            Table::Accounts
        ]
    );
}

#[test]
fn a_smaller_city_in_the_same_folder_leaves_nothing_of_the_larger_one() {
    let mut city = Generated::new(MIDDLE);
    let foreign = city.path().join("notes.txt");
    fs::write(&foreign, "kept").unwrap();
    city.manifest = generate(
        Size::Small,
        DEFAULT_SEED,
        city.path(),
        &ids::OwnerId::derive,
        &mut |_| (),
    )
    .unwrap();
    assert!(!city.path().join("homes-0002.csv").exists());
    assert!(foreign.exists());
    assert_eq!(city.homes().len() as u64, city.manifest.counts.homes);
}

#[test]
fn progress_is_told_after_every_estate() {
    let folder = tempfile::tempdir().unwrap();
    let mut seen = Vec::new();
    let manifest = generate(
        Size::Small,
        DEFAULT_SEED,
        folder.path(),
        &ids::OwnerId::derive,
        &mut |progress| seen.push(progress),
    )
    .unwrap();
    assert_eq!(
        seen.iter().map(|progress| progress.areas).collect::<Vec<_>>(),
        [1, 2, 3]
    );
    assert!(seen.iter().all(|progress| progress.areas_total == 3));
    assert_eq!(seen[2].homes, manifest.counts.homes);
}

#[test]
fn sizes_have_one_text_form_and_bounds() {
    for size in [Size::Small, Size::City, MIDDLE] {
        assert_eq!(size.to_string().parse::<Size>().unwrap(), size);
    }
    for text in [
        "",
        "Small",
        "village",
        "custom",
        "custom:3",
        "custom:0:600",
        "custom:10:10",
        "custom:1:1201",
        "custom:-1:5",
    ] {
        assert!(
            matches!(text.parse::<Size>(), Err(SeedsError::SizeUnknown(_))),
            "{text}"
        );
    }
    let folder = tempfile::tempdir().unwrap();
    let refused = generate(
        Size::Custom { estates: 0, homes: 0 },
        1,
        folder.path(),
        &ids::OwnerId::derive,
        &mut |_| (),
    );
    assert!(matches!(refused, Err(SeedsError::SizeUnknown(_))));
}

#[test]
fn the_smallest_and_the_densest_custom_city_can_be_generated() {
    for size in [
        Size::Custom {
            estates: 1,
            homes: 20,
        },
        Size::Custom {
            estates: 30,
            homes: 36_000,
        },
    ] {
        let city = Generated::new(size);
        assert_eq!(city.manifest.counts.areas, u64::from(size.estates()));
    }
}

#[test]
fn a_folder_that_is_a_file_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("taken");
    fs::write(&path, "").unwrap();
    let refused = generate(
        Size::Small,
        DEFAULT_SEED,
        &path,
        &ids::OwnerId::derive,
        &mut |_| (),
    );
    assert!(matches!(refused, Err(SeedsError::File { .. })));
}
