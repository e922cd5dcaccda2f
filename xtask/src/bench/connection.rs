//! The client's side of HTTP/1.1 over one connection that stays open, as small as `pgbench` is: a general client in a
//! development build would take as much of the processors as what is measured.

use std::fmt::Write as _;
use std::io::{BufRead, BufReader, Read, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use anyhow::{Context, Result, bail};

use super::load::Request;

/// Longest wait for an answer.
const ANSWER_WITHIN: Duration = Duration::from_secs(60);
/// Longest answer to a write.
const BODY_BYTES_MAX: u64 = 1024 * 1024;

/// A connection to the gateway.
pub struct Connection {
    stream: BufReader<TcpStream>,
    host: String,
    line: String,
}

impl Connection {
    /// Connects to a gateway named as `http://127.0.0.1:8080`.
    pub fn open(gateway: &str) -> Result<Self> {
        let host = gateway.trim_start_matches("http://").to_owned();
        let stream = TcpStream::connect(&host).with_context(|| format!("connecting to {host}"))?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(ANSWER_WITHIN))?;
        Ok(Connection {
            stream: BufReader::new(stream),
            host,
            line: String::new(),
        })
    }

    /// Makes a write that must be accepted; returns the answer's body.
    pub fn post(&mut self, request: &Request) -> Result<String> {
        let Request {
            path,
            token,
            key,
            body,
        } = request;
        let mut head = String::with_capacity(1_024 + body.len());
        write!(
            head,
            "POST {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {token}\r\nidempotency-key: {key}\r\n\
             content-type: application/json\r\ncontent-length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        )?;
        // One packet, so that the gateway is woken once.
        self.stream
            .get_mut()
            .write_all(head.as_bytes())
            .context("sending to the gateway")?;
        let (status, answer) = self.answer().with_context(|| format!("the answer to {path}"))?;
        if status >= 300 {
            bail!("{path} was refused: {status} {answer}");
        }
        Ok(answer)
    }

    fn answer(&mut self) -> Result<(u16, String)> {
        let status = self.next_line()?;
        let status = status
            .split(' ')
            .nth(1)
            .and_then(|status| status.parse().ok())
            .context("no status line")?;
        let mut length = None;
        loop {
            let line = self.next_line()?;
            if line.is_empty() {
                break;
            }
            if let Some((name, value)) = line.split_once(':')
                && name.eq_ignore_ascii_case("content-length")
            {
                length = value.trim().parse().ok();
            }
        }
        let length = length
            .filter(|length| *length <= BODY_BYTES_MAX)
            .context("no length that can be read")?;
        let mut body = String::new();
        self.stream.by_ref().take(length).read_to_string(&mut body)?;
        Ok((status, body))
    }

    fn next_line(&mut self) -> Result<&str> {
        self.line.clear();
        if self.stream.read_line(&mut self.line)? == 0 {
            bail!("the gateway closed the connection");
        }
        Ok(self.line.trim_end())
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::expect_used)]

    use std::io::{Read, Write};
    use std::net::TcpListener;

    use super::super::load::Request;
    use super::Connection;

    /// Answers every request of one connection with the next of these.
    fn serve(answers: &'static [&'static str]) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port");
        let gateway = format!("http://{}", listener.local_addr().expect("an address"));
        std::thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a connection");
            for answer in answers {
                let mut buffer = [0; 4_096];
                let _ = stream.read(&mut buffer).expect("a request");
                stream.write_all(answer.as_bytes()).expect("to answer");
            }
        });
        gateway
    }

    fn request() -> Request {
        Request {
            path: "/v1/x".into(),
            token: "t".into(),
            key: "k".into(),
            body: "{}".into(),
        }
    }

    #[test]
    fn answers_follow_each_other_on_one_connection_and_refusals_are_errors() {
        let gateway = serve(&[
            "HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n{\"a\":1}",
            "HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\n{}",
            "HTTP/1.1 409 Conflict\r\ncontent-length: 4\r\n\r\n\"no\"",
        ]);
        let mut connection = Connection::open(&gateway).expect("a connection");
        assert_eq!(connection.post(&request()).expect("an answer"), "{\"a\":1}");
        assert_eq!(connection.post(&request()).expect("an answer"), "{}");
        let refused = connection.post(&request()).expect_err("a refusal").to_string();
        assert!(refused.contains("409"), "{refused}");
        assert!(connection.post(&request()).is_err());
    }
}
