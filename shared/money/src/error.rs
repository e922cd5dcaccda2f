//! Why an amount or an area could not be read or computed.

/// A text that is no amount or area, or a sum beyond what 64 bits hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AmountError {
    /// The text is empty.
    #[error("the amount is empty")]
    AmountEmpty,
    /// A plus or minus sign: direction is said by the field, not by the number.
    #[error("the amount has a sign; write it without")]
    AmountSigned,
    /// Full-width digits, points or signs (全角), which look like ASCII and are not.
    #[error("the amount has full-width characters; use plain digits")]
    AmountFullWidth,
    /// More than two digits after the point: less than a fen or than 0.01 m² does not exist.
    #[error("the amount has more than two decimals")]
    AmountTooPrecise,
    /// Anything else that is not digits, with or without a point and one or two digits after it.
    #[error("the amount is not a plain decimal number such as 1234.56")]
    AmountMalformed,
    /// Larger than 64 bits hold.
    #[error("the amount is too large")]
    AmountTooLarge,
}

impl AmountError {
    /// Stable reason for clients.
    pub fn reason(&self) -> &'static str {
        match self {
            Self::AmountEmpty => "AMOUNT_EMPTY",
            Self::AmountSigned => "AMOUNT_SIGNED",
            Self::AmountFullWidth => "AMOUNT_FULL_WIDTH",
            Self::AmountTooPrecise => "AMOUNT_TOO_PRECISE",
            Self::AmountMalformed => "AMOUNT_MALFORMED",
            Self::AmountTooLarge => "AMOUNT_TOO_LARGE",
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> &'static str {
        match self {
            Self::AmountEmpty => "数值为空",
            Self::AmountSigned => "数值不得带正负号",
            Self::AmountFullWidth => "数值含全角字符，请使用半角数字",
            Self::AmountTooPrecise => "数值最多保留两位小数",
            Self::AmountMalformed => "数值格式不正确，应如 1234.56",
            Self::AmountTooLarge => "数值过大",
        }
    }
}

/// Reads an unsigned decimal with at most two decimals as hundredths.
/// Strict on purpose: no blanks, no grouping, no exponent, no sign, a digit on both sides of a point.
pub(crate) fn parse_hundredths(text: &str) -> Result<i64, AmountError> {
    if text.is_empty() {
        return Err(AmountError::AmountEmpty);
    }
    if text.chars().any(is_full_width) {
        return Err(AmountError::AmountFullWidth);
    }
    if text.starts_with(['+', '-', '\u{2212}']) {
        return Err(AmountError::AmountSigned);
    }
    let (whole, decimals) = match text.split_once('.') {
        None => (text, "00"),
        Some((whole, decimals)) if !decimals.is_empty() => (whole, decimals),
        Some(_) => return Err(AmountError::AmountMalformed),
    };
    let is_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !is_digits(whole) || !is_digits(decimals) {
        return Err(AmountError::AmountMalformed);
    }
    if decimals.len() > 2 {
        return Err(AmountError::AmountTooPrecise);
    }
    let padding = if decimals.len() == 1 { "0" } else { "" };
    [whole, decimals, padding]
        .iter()
        .flat_map(|part| part.bytes())
        .try_fold(0_i64, |sum, byte| {
            sum.checked_mul(10)?.checked_add(i64::from(byte - b'0'))
        })
        .ok_or(AmountError::AmountTooLarge)
}

/// Characters of the block of full-width forms, and the ideographic blank and full stop.
fn is_full_width(character: char) -> bool {
    matches!(character, '\u{FF00}'..='\u{FFEF}' | '\u{3000}' | '\u{3002}')
}
