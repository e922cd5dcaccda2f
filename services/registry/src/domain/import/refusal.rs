//! What an import refuses.

use crate::domain::refusal::Kind;

/// A refusal. The reason string is the variant's name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, strum::IntoStaticStr)]
#[strum(serialize_all = "SCREAMING_SNAKE_CASE")]
pub enum Refusal {
    /// No such import, or the caller may not know of it.
    #[error("There is no such import, or you may not see it.")]
    ImportNotFound,
    /// No part of it is awaited.
    #[error("The file of this import is complete, or the import has ended; begin a new one.")]
    ImportNotUploading,
    /// It is done.
    #[error("The import has ended already.")]
    ImportEnded,
    /// A part that leaves a gap or goes beyond the file.
    #[error("The next part begins at byte {expected} and ends at most at byte {file_size}; send that one.")]
    PartOutOfPlace {
        /// Where the next part begins.
        expected: u64,
        /// Where the file ends.
        file_size: u64,
    },
    /// A part that came already with other bytes.
    #[error("Another part was sent for this place before; cancel the import and begin anew.")]
    PartDiffers,
}

impl Refusal {
    /// What sort of refusal it is.
    pub fn kind(&self) -> Kind {
        match self {
            Refusal::ImportNotFound => Kind::NotFound,
            Refusal::ImportNotUploading
            | Refusal::ImportEnded
            | Refusal::PartOutOfPlace { .. }
            | Refusal::PartDiffers => Kind::WrongState,
        }
    }

    /// The message in Chinese.
    pub fn zh(&self) -> String {
        match self {
            Refusal::ImportNotFound => "未找到该导入任务，或您无权查看。".into(),
            Refusal::ImportNotUploading => "该导入的文件已收齐或任务已结束，请新建导入任务。".into(),
            Refusal::ImportEnded => "该导入任务已经结束。".into(),
            Refusal::PartOutOfPlace { expected, file_size } => {
                format!("下一分片应从第 {expected} 字节开始，且不超过第 {file_size} 字节，请发送该分片。")
            }
            Refusal::PartDiffers => "该位置此前已收到不同的分片，请取消该任务后重新导入。".into(),
        }
    }
}
