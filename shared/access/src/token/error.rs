//! Why a token is refused, and why a key is.

use strum::{EnumIter, IntoStaticStr};

/// Why a token is refused.
///
/// `Display` is the English message for the client; it never repeats the token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error, EnumIter, IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum TokenError {
    /// No token came with the call.
    #[error("sign in first: the call carries no token")]
    TokenMissing,
    /// It is not a signed token at all.
    #[error("the token cannot be read")]
    TokenMalformed,
    /// Its time is over.
    #[error("the session has ended: sign in again")]
    TokenExpired,
    /// Its time has not begun.
    #[error("the token is not valid yet")]
    TokenNotYetValid,
    /// Its signature is wrong, by an unknown key, or by an algorithm that is not accepted (`none`, shared secrets).
    #[error("the token is not signed by a known key")]
    TokenForged,
    /// It was issued for another service.
    #[error("the token was issued for another service")]
    TokenForAnotherService,
    /// It was issued by somebody else.
    #[error("the issuer of the token is not accepted here")]
    TokenIssuerUnknown,
    /// A claim that Heju reads is missing or cannot be read: subject, expiry, organisation, jurisdiction or owner.
    #[error("the token does not say who its bearer is in a way that can be read")]
    TokenClaimsInvalid,
    /// The issuer's keys cannot be had now; trying again may help.
    #[error("the issuer of the token cannot be reached: try again")]
    IssuerUnreachable,
}

impl TokenError {
    /// Stable reason for clients: `TOKEN_EXPIRED`.
    #[must_use]
    pub fn reason(self) -> &'static str {
        self.into()
    }

    /// The message in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::TokenMissing => "请先登录：请求未携带令牌",
            Self::TokenMalformed => "令牌无法识别",
            Self::TokenExpired => "登录已过期，请重新登录",
            Self::TokenNotYetValid => "令牌尚未生效",
            Self::TokenForged => "令牌签名无效或签名密钥未知",
            Self::TokenForAnotherService => "该令牌不适用于本平台",
            Self::TokenIssuerUnknown => "本平台不接受该令牌的签发机构",
            Self::TokenClaimsInvalid => "令牌中的身份信息缺失或无法识别",
            Self::IssuerUnreachable => "暂时无法连接令牌签发机构，请稍后重试",
        }
    }

    /// Whether the same call may succeed later with the same token.
    #[must_use]
    pub fn is_temporary(self) -> bool {
        matches!(self, Self::IssuerUnreachable)
    }
}

/// Why a key, a set of keys or the address of one cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum KeyError {
    /// Not an Ed25519 private key as PKCS#8 PEM.
    #[error("not an Ed25519 private key in PKCS#8 PEM form")]
    PemInvalid(#[source] ed25519_dalek::pkcs8::Error),
    /// Not a key set with at least one key that is accepted (Ed25519, P-256 or RSA, for signatures).
    #[error("not a key set (JWKS) with a usable public key: Ed25519, P-256 or RSA")]
    JwksInvalid,
    /// The issuer of an OpenID provider is not an address.
    #[error("the issuer must be an address: https://…")]
    IssuerInvalid(#[source] url::ParseError),
    /// The client for HTTP could not be made.
    #[error("the HTTP client cannot be made")]
    Client(#[source] reqwest::Error),
}
