//! Why a rule set was refused, or has no answer.

use chrono::NaiveDate;

/// A rule set that cannot be trusted, or a question it has no answer to.
/// All are faults of the data or of its use, never of a citizen's request.
#[derive(Debug, thiserror::Error)]
pub enum RuleError {
    /// Not TOML of the right form: an unknown key, a missing date or article, a wrong type.
    #[error("the rule set is not in the right form")]
    Form {
        /// Line and cause.
        source: Box<toml::de::Error>,
    },
    /// Two values of one rule hold on the same day.
    #[error("the values of {key} overlap on {on}")]
    Overlap {
        /// The rule.
        key: String,
        /// First day with two values.
        on: NaiveDate,
    },
    /// A value that ends before it begins.
    #[error("a value of {key} ends before it begins on {from}")]
    EndsBeforeItBegins {
        /// The rule.
        key: String,
        /// Its first day.
        from: NaiveDate,
    },
    /// A rule without a single value.
    #[error("{key} has no value")]
    Empty {
        /// The rule.
        key: String,
    },
    /// A value without the article it comes from.
    #[error("a value of {key} names no article")]
    NoArticle {
        /// The rule.
        key: String,
    },
    /// A value that cannot be meant.
    #[error("{key} must be {must_be}")]
    Value {
        /// The rule.
        key: String,
        /// What would be right.
        must_be: &'static str,
    },
    /// No value holds on that day.
    #[error("{key} has no value on {date}")]
    Missing {
        /// The rule.
        key: String,
        /// The day asked for.
        date: NaiveDate,
    },
    /// A parameter that nobody knows.
    #[error("there is no parameter {name}")]
    UnknownParameter {
        /// The name.
        name: String,
    },
    /// A jurisdiction whose rules do not ship with the program.
    #[error("there is no rule set for {jurisdiction}")]
    UnknownJurisdiction {
        /// Its division code.
        jurisdiction: String,
    },
}

impl RuleError {
    /// Stable reason for clients and operators.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::Form { .. }
            | Self::Overlap { .. }
            | Self::EndsBeforeItBegins { .. }
            | Self::Empty { .. }
            | Self::NoArticle { .. }
            | Self::Value { .. } => "RULE_SET_INVALID",
            Self::Missing { .. } => "RULE_MISSING",
            Self::UnknownParameter { .. } => "RULE_PARAMETER_UNKNOWN",
            Self::UnknownJurisdiction { .. } => "RULE_JURISDICTION_UNKNOWN",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Self::Form { .. } => "规则文件格式不正确".to_owned(),
            Self::Overlap { key, on } => format!("规则 {key} 在 {on} 有多个取值"),
            Self::EndsBeforeItBegins { key, from } => {
                format!("规则 {key} 自 {from} 起的取值截止日早于起始日")
            }
            Self::Empty { key } => format!("规则 {key} 没有取值"),
            Self::NoArticle { key } => format!("规则 {key} 未注明依据条款"),
            Self::Value { key, .. } => format!("规则 {key} 的取值不正确"),
            Self::Missing { key, date } => format!("规则 {key} 在 {date} 没有有效取值"),
            Self::UnknownParameter { name } => format!("没有名为 {name} 的参数"),
            Self::UnknownJurisdiction { jurisdiction } => {
                format!("没有 {jurisdiction} 的规则")
            }
        }
    }
}
