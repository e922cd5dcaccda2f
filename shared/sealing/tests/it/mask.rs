//! What is shown of personal data (PD-14).

use proptest::prelude::*;
use sealing::{mask_card, mask_document, mask_mobile, mask_name};

#[test]
fn names_keep_the_surname() {
    for (name, masked) in [
        ("张三", "张*"),
        ("张三丰", "张*"),
        ("欧阳修远", "欧阳*"),
        ("欧阳锋", "欧阳*"),
        ("申屠明", "申屠*"),
        ("司马", "司*"),
        ("王", "*"),
        ("", "*"),
        (" 李四 ", "李*"),
        ("买买提·吐尔逊", "买*"),
        ("John Smith", "J*"),
    ] {
        assert_eq!(mask_name(name), masked, "{name}");
    }
}

#[test]
fn documents_keep_a_quarter_at_each_end() {
    assert_eq!(mask_document("33078319900101123X"), "3307**********123X");
    assert_eq!(mask_document("E12345678"), "E1*****78");
    assert_eq!(mask_document("123"), "***");
    assert_eq!(mask_document(""), "");
}

#[test]
fn mobiles_keep_three_and_four_digits() {
    assert_eq!(mask_mobile("13800005678"), "138****5678");
    assert_eq!(mask_mobile("+8613800005678"), "+86138****5678");
    assert_eq!(mask_mobile("86345678"), "******78");
    assert_eq!(mask_mobile("12"), "**");
}

#[test]
fn cards_keep_the_last_four_digits() {
    assert_eq!(mask_card("6222020000000005678"), "****5678");
    assert_eq!(mask_card("6222 0200 0000 5678"), "****5678");
    assert_eq!(mask_card("1234567"), "****");
}

proptest! {
    #[test]
    fn at_least_half_of_a_document_is_hidden(number in "[0-9A-Z]{1,30}") {
        let masked = mask_document(&number);
        let hidden = masked.chars().filter(|c| *c == '*').count();
        prop_assert_eq!(masked.chars().count(), number.len());
        prop_assert!(hidden * 2 >= number.len());
    }

    #[test]
    fn no_text_panics(text in "\\PC{0,30}") {
        let _ = (mask_name(&text), mask_document(&text), mask_mobile(&text), mask_card(&text));
    }
}
