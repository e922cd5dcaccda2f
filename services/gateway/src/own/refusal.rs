//! The refusals of the gateway's own calls.

use rpc::{AppError, Kind};

/// Why an own call is refused; the reason is the variant's name in capitals.
#[derive(Debug, Clone, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub(crate) enum Refusal {
    /// Name or password is wrong; which of them is not told.
    #[error("Account name or password is wrong.")]
    CredentialsWrong,
    /// Tokens come from a foreign issuer.
    #[error("This platform does not log in by itself; get a token from the configured identity provider.")]
    IssuerDisabled,
    /// Too many wrong passwords.
    #[error("Too many attempts; try again in {minutes} minutes.")]
    TooManyAttempts {
        /// How long to wait.
        minutes: u64,
    },
    /// The clock is the machine's.
    #[error("The clock of this platform is real and cannot be moved.")]
    ClockNotSimulated,
    /// Time goes forward only: deadlines that have passed were acted upon.
    #[error("The clock goes forward only.")]
    ClockCannotGoBack,
}

impl From<Refusal> for AppError<Refusal> {
    fn from(refusal: Refusal) -> Self {
        AppError::Refused(refusal)
    }
}

impl rpc::Refusal for Refusal {
    fn kind(&self) -> Kind {
        match self {
            Refusal::CredentialsWrong => Kind::Unauthenticated,
            Refusal::TooManyAttempts { .. } => Kind::Exhausted,
            Refusal::IssuerDisabled | Refusal::ClockNotSimulated | Refusal::ClockCannotGoBack => {
                Kind::WrongState
            }
        }
    }

    fn reason(&self) -> &'static str {
        self.into()
    }

    fn zh(&self) -> String {
        match self {
            Refusal::CredentialsWrong => "账号或密码错误。".into(),
            Refusal::IssuerDisabled => "本平台不自行签发令牌，请通过已配置的统一身份认证登录。".into(),
            Refusal::TooManyAttempts { minutes } => format!("尝试次数过多，请 {minutes} 分钟后再试。"),
            Refusal::ClockNotSimulated => "本平台使用真实时钟，不能调整。".into(),
            Refusal::ClockCannotGoBack => "时钟只能向前调整。".into(),
        }
    }
}
