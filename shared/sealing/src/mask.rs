//! What of personal data is shown to whom may not see it: enough to recognise one's own, too little to use.
//! Company names and credit codes are public and not masked.

/// Surnames of two characters (复姓). 申屠 is common around Dongyang.
const COMPOUND_SURNAMES: &[&str] = &[
    "万俟", "上官", "东方", "东郭", "东里", "乐正", "亓官", "仲孙", "令狐", "公冶", "公孙", "公羊", "公良",
    "公西", "南宫", "南门", "即墨", "司寇", "司徒", "司空", "司马", "呼延", "壤驷", "夏侯", "夹谷", "太史",
    "太叔", "子车", "宇文", "宗政", "宰父", "尉迟", "左丘", "巫马", "慕容", "拓跋", "梁丘", "欧阳", "段干",
    "漆雕", "澹台", "濮阳", "独孤", "申屠", "皇甫", "百里", "端木", "第五", "羊舌", "西门", "诸葛", "谷梁",
    "赫连", "达奚", "轩辕", "钟离", "长孙", "闻人", "闾丘", "颛孙", "鲜于", "歐陽", "司馬", "諸葛", "東方",
];

/// The surname and one star, however long the rest: `张*`, `欧阳*`. A name of one character is a star.
pub fn mask_name(name: &str) -> String {
    let name = name.trim();
    let length = name.chars().count();
    // Two characters are surname and given name, even where both together could be a surname.
    let is_compound = length > 2 && COMPOUND_SURNAMES.iter().any(|s| name.starts_with(s));
    let shown = match length {
        0 | 1 => 0,
        _ if is_compound => 2,
        _ => 1,
    };
    let surname: String = name.chars().take(shown).collect();
    format!("{surname}*")
}

/// A quarter at each end, at most four characters: `3307**********123X`, `E1*****78`.
pub fn mask_document(number: &str) -> String {
    let characters: Vec<char> = number.trim().chars().collect();
    let shown = (characters.len() / 4).min(4);
    masked(&characters, shown, shown)
}

/// The first three and last four digits of a mobile number: `138****5678`.
/// Of a shorter number the last quarter only.
pub fn mask_mobile(number: &str) -> String {
    let characters: Vec<char> = number.trim().chars().collect();
    if characters.len() >= 11 {
        masked(&characters, characters.len() - 8, 4)
    } else {
        masked(&characters, 0, characters.len() / 4)
    }
}

/// The last four digits of a bank card, the length hidden: `****5678`. Of fewer than eight nothing.
pub fn mask_card(number: &str) -> String {
    let characters: Vec<char> = number.trim().chars().filter(|c| *c != ' ').collect();
    let hidden = if characters.len() < 8 {
        characters.len()
    } else {
        characters.len() - 4
    };
    let shown: String = characters.iter().skip(hidden).collect();
    format!("****{shown}")
}

/// Stars for all but so many characters at the beginning and at the end.
fn masked(characters: &[char], head: usize, tail: usize) -> String {
    let last_hidden = characters.len() - tail;
    let star = |(index, &character): (usize, &char)| {
        if index < head || index >= last_hidden {
            character
        } else {
            '*'
        }
    };
    characters.iter().enumerate().map(star).collect()
}
