//! Headers, natural keys and portions.
#![allow(clippy::unwrap_used)]

use super::*;

const OWNERSHIPS: &str = "unit_number,owner_name,document_kind,document_number,owned_since";

/// Puts lines of cells through and answers what is staged, with the portions.
fn portions(kind: TableKind, lines: &[String]) -> (Staged, Vec<Portion>) {
    let mut given = Vec::new();
    let titles = BTreeMap::new();
    let mut give = |portion| {
        given.push(portion);
        Ok(())
    };
    let mut portioner = Portioner::new(&titles, 1, &mut give);
    portioner.begin(kind).unwrap();
    for (line, text) in (1..).zip(lines) {
        portioner
            .row(line, text.split(',').map(ToOwned::to_owned).collect())
            .unwrap();
    }
    let staged = portioner.end().unwrap();
    (staged, given)
}

#[test]
fn a_repeated_key_is_found_however_far_up_its_first_stands() {
    let mut lines = vec!["credit_code,name,kind".to_owned()];
    lines.extend((0..ROWS_PER_PORTION + 5).map(|number| format!("{number},甲,PROPERTY")));
    lines.push("0,甲,PROPERTY".to_owned());
    let (staged, portions) = portions(TableKind::Firms, &lines);
    assert_eq!((staged.portions, staged.rows as usize), (2, ROWS_PER_PORTION + 6));
    let [first, second] = &portions[..] else {
        panic!("two portions")
    };
    assert_eq!((first.rows.len(), second.rows.len()), (ROWS_PER_PORTION, 5));
    let mut findings = Findings::of(TableKind::Firms);
    assert_eq!(second.len(), 6);
    let sheet = portions.into_iter().nth(1).unwrap().into_sheet(&mut findings);
    let errors = findings.into_errors(&sheet);
    assert_eq!(
        (errors[0].line as usize, errors[0].reason.as_str()),
        (lines.len(), "DUPLICATE_ROW")
    );
    assert!(errors[0].en.contains("line 2"), "{}", errors[0].en);
}

#[test]
fn rows_of_one_home_stay_together_and_those_that_come_later_are_told() {
    let owner = |home: usize, owner: usize| format!("{home},张三,CITIZEN_ID,{owner},2020-05-01");
    let mut lines = vec![OWNERSHIPS.to_owned()];
    lines.extend((1..ROWS_PER_PORTION).map(|home| owner(home, home)));
    // The portion is full between the two owners of the last home.
    let last = ROWS_PER_PORTION;
    lines.extend([owner(last, 1), owner(last, 2), owner(last, 3), owner(last + 1, 1)]);
    lines.push(owner(7, 1_000_000));
    let (_, portions) = portions(TableKind::Ownerships, &lines);
    assert_eq!(portions[0].rows.len(), ROWS_PER_PORTION + 2, "the home is whole");
    assert_eq!(portions[1].rows.len(), 1);
    assert!(
        matches!(portions[1].left_out[..], [LeftOut::Scattered { line }] if line as usize == lines.len())
    );
}

#[test]
fn titles_are_found_by_name_by_chinese_title_and_as_mapped() {
    let cells = |text: &str| text.split(',').map(ToOwned::to_owned).collect::<Vec<_>>();
    let mapped = BTreeMap::from([("name".to_owned(), "单位".to_owned())]);
    let (header, ignored) = Header::read(
        TableKind::Firms,
        &cells("备注,统一社会信用代码,单位,kind,,"),
        &mapped,
    )
    .unwrap();
    assert_eq!(header.places["credit_code"], 1);
    assert_eq!(
        (header.places["name"], header.places["kind"], header.width),
        (2, 3, 4)
    );
    assert_eq!(ignored, ["备注"]);
    // What is mapped stands under no other title, so the file's own `name` is another column.
    let (_, ignored) = Header::read(TableKind::Firms, &cells("credit_code,name,kind,单位"), &mapped).unwrap();
    assert_eq!(ignored, ["name"]);
    let refused = |text: &str, titles: &BTreeMap<String, String>| {
        Header::read(TableKind::Firms, &cells(text), titles)
            .map(|_| ())
            .unwrap_err()
            .reason()
    };
    assert_eq!(
        refused("credit_code,kind", &BTreeMap::new()),
        "TABLE_COLUMN_MISSING"
    );
    assert_eq!(
        refused("credit_code,名称,name,kind", &BTreeMap::new()),
        "TABLE_COLUMN_UNKNOWN"
    );
}

#[test]
fn full_width_characters_become_the_usual_ones_except_in_names() {
    assert_eq!(half_width("３３０７８３　ＧＢ－１０１．５"), "330783 GB-101.5");
    assert_eq!(half_width("１号楼（东）"), "1号楼（东）");
    let lines = [
        "credit_code,name,kind".to_owned(),
        "９１,和居２号,PROPERTY".to_owned(),
    ];
    let (_, portions) = portions(TableKind::Firms, &lines);
    assert_eq!(portions[0].rows[0].1, ["91", "和居２号", "PROPERTY"]);
}
