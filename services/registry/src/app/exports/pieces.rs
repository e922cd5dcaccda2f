//! A written file, sent piece by piece as fast as it is taken.

use std::error::Error;
use std::fs::File;
use std::time::Duration;

use rpc::General;
use tokio::io::AsyncReadExt;
use tokio::sync::mpsc;
use tokio_stream::wrappers::ReceiverStream;
use tracing::Instrument;

use super::{FilePiece, FileStream};
use crate::error::AppError;

/// Bytes of a piece.
pub(super) const PIECE_BYTES: u64 = 256 * 1024;
/// Pieces that wait for a slow reader.
pub(super) const BUFFER: usize = 2;
/// A reader that takes nothing for so long is gone: the file is given up.
const STALLED_AFTER: Duration = Duration::from_secs(60);

/// Where pieces go.
pub(super) type Pieces = mpsc::Sender<Result<FilePiece, AppError>>;

/// A bug, or a disk that does not do what it should.
pub(super) fn internal(source: impl Error + Send + Sync + 'static) -> AppError {
    General::Internal {
        source: Box::new(source),
    }
    .into()
}

/// The stream of a file that is there, under this name and media type.
pub(super) fn stream_of(file: File, name: String, content_type: &'static str) -> FileStream {
    let (pieces, stream) = mpsc::channel(BUFFER);
    tokio::spawn(async move { send(file, name, content_type, &pieces).await }.in_current_span());
    ReceiverStream::new(stream)
}

/// Sends a file, from its beginning to its end.
pub(super) async fn send(file: File, name: String, content_type: &'static str, pieces: &Pieces) {
    let mut file = tokio::fs::File::from_std(file);
    let (mut file_name, mut content_type) = (name, content_type);
    loop {
        let mut content = Vec::new();
        let read = (&mut file).take(PIECE_BYTES).read_to_end(&mut content).await;
        // The first piece names the file, also where it is empty.
        let piece = match read {
            Ok(0) if file_name.is_empty() => return,
            Ok(_) => Ok(FilePiece {
                file_name: std::mem::take(&mut file_name),
                content_type: std::mem::take(&mut content_type),
                content,
            }),
            Err(error) => Err(internal(error)),
        };
        let failed = piece.is_err();
        if pieces.send_timeout(piece, STALLED_AFTER).await.is_err() {
            tracing::debug!("a file was not read to its end");
            return;
        }
        if failed {
            return;
        }
    }
}
