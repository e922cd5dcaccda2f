//! Synthetic names: common characters put together at random.
//!
//! Any likeness to a person, firm or estate is chance.
//! Characters that, with a common surname, spell the name of a widely known person are left out.

use crate::dice::Dice;

/// Common surnames, the most frequent first; the first third is drawn most often.
const SURNAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文厉楼葛单申屠俞虞斯";
/// Characters of men's given names.
const MEN: &str = "伟军勇杰涛明超刚辉磊斌波健俊峰宇浩轩志诚永福庆海荣祥昌建华国林卫新光炳坤松柏树根生阳旭晨航铭豪子睿博文天翔德才顺发良忠义仁信康乐远程凯飞龙";
/// Characters of women's given names.
const WOMEN: &str = "芳娜敏静秀娟英霞玲桂兰红梅燕萍艳丽莉琴凤洁琳素莲真环雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞蓉眉君荷慧巧美婉娴瑾颖露瑶怡婵雁蓓仪丹青叶薇菲欣悦雅诗涵梦";
/// First parts of the estates' names.
const ESTATE_FIRST: [&str; 52] = [
    "锦绣", "金桂", "翠湖", "望江", "书香", "紫荆", "香樟", "银杏", "玉兰", "丹枫", "碧水", "清风", "明月",
    "朝晖", "晨曦", "听涛", "观澜", "枫林", "梧桐", "海棠", "芙蓉", "牡丹", "桃源", "竹韵", "松涛", "柳岸",
    "荷风", "兰亭", "菊苑", "梅园", "春晓", "秋月", "江南", "水岸", "山水", "林语", "云栖", "星河", "时代",
    "世纪", "阳光", "东方", "康乐", "安居", "和谐", "幸福", "吉祥", "如意", "福田", "瑞景", "龙庭", "嘉和",
];
/// Last parts of the estates' names.
const ESTATE_LAST: [&str; 13] = [
    "花园", "家园", "小区", "苑", "华庭", "名苑", "新村", "雅居", "公寓", "府", "里", "嘉园", "新城",
];
/// Later stages of an estate, for cities with more estates than there are names.
const ESTATE_STAGE: [&str; 8] = ["", "二期", "三期", "四期", "五期", "六期", "七期", "八期"];
/// Characters of firms' names.
const FIRM_FIRST: [&str; 20] = [
    "恒", "泰", "安", "盛", "瑞", "祥", "嘉", "和", "鼎", "宏", "金", "永", "德", "华", "中", "新", "东",
    "长", "万", "广",
];
const FIRM_LAST: [&str; 20] = [
    "信", "源", "达", "隆", "昌", "润", "诚", "兴", "裕", "丰", "联", "宜", "邦", "景", "悦", "臻", "辰",
    "凯", "协", "佑",
];
/// What legal-person owners trade in.
const TRADES: [&str; 8] = [
    "商贸",
    "建材",
    "服饰",
    "餐饮管理",
    "文化传播",
    "工艺品",
    "五金",
    "医药",
];
/// Where they are registered.
const PLACES: [&str; 4] = ["东阳市", "金华市", "浙江", "东阳"];
/// Ends every firm's name, so that none is taken for a firm that exists.
const FIRM_MARK: &str = "（演示）";

/// A person's name.
pub(crate) fn person(male: bool, dice: &mut Dice) -> String {
    let frequent = dice.chance(620);
    let surname = if frequent {
        dice.character(&SURNAMES[..40 * 3])
    } else {
        dice.character(SURNAMES)
    };
    let given = if male { MEN } else { WOMEN };
    let mut name = String::from(surname);
    name.push(dice.character(given));
    if !dice.chance(150) {
        name.push(dice.character(given));
    }
    name
}

/// Name of the estate with this number in the city, counted from 0; distinct for the first 5,408.
pub(crate) fn estate(number: u32) -> String {
    let names = (ESTATE_FIRST.len() * ESTATE_LAST.len()) as u32;
    // A step without a common divisor with the count visits every name once and keeps neighbours apart.
    let place = (u64::from(number % names) * 135 % u64::from(names)) as usize;
    let stage = ESTATE_STAGE[(number / names) as usize % ESTATE_STAGE.len()];
    format!(
        "{}{}{stage}",
        ESTATE_FIRST[place / ESTATE_LAST.len()],
        ESTATE_LAST[place % ESTATE_LAST.len()]
    )
}

/// Name of the property firm with this number, counted from 0; distinct for the first 400.
pub(crate) fn property_firm(number: u32) -> String {
    format!("东阳市{}物业服务有限公司{FIRM_MARK}", firm_word(number))
}

/// Name of the developer with this number, counted from 0; distinct for the first 400.
pub(crate) fn developer(number: u32) -> String {
    format!(
        "东阳市{}房地产开发有限公司{FIRM_MARK}",
        firm_word(number.wrapping_add(137))
    )
}

/// Name of the company with this number among the owners; distinct for the first 12,800.
pub(crate) fn company(number: u32) -> String {
    let trade = TRADES[(number / 400) as usize % TRADES.len()];
    let place = PLACES[(number / 3_200) as usize % PLACES.len()];
    format!("{place}{}{trade}有限公司{FIRM_MARK}", firm_word(number))
}

fn firm_word(number: u32) -> String {
    let place = (u64::from(number % 400) * 147 % 400) as usize;
    format!("{}{}", FIRM_FIRST[place / 20], FIRM_LAST[place % 20])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn estates_and_firms_have_names_of_their_own() {
        let estates: HashSet<_> = (0..5_408).map(estate).collect();
        assert_eq!(estates.len(), 5_408);
        let firms: HashSet<_> = (0..400)
            .map(property_firm)
            .chain((0..400).map(developer))
            .collect();
        assert_eq!(firms.len(), 800);
        let companies: HashSet<_> = (0..12_800).map(company).collect();
        assert_eq!(companies.len(), 12_800);
    }

    #[test]
    fn name_lists_hold_three_byte_characters_only() {
        for list in [SURNAMES, MEN, WOMEN] {
            assert!(list.chars().all(|character| character.len_utf8() == 3));
        }
    }
}
