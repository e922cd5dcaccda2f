//! Servers as processes: started, found, ended.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::MetadataExt;
use std::time::{Duration, Instant};

use servers::postgres::Durability;
use servers::{NatsServer, PostgresServer};

fn nats(folder: &std::path::Path, port: u16) -> anyhow::Result<NatsServer> {
    let program = servers::nats::find_or_install(&|line| eprintln!("{line}")).unwrap();
    NatsServer::start(&program, folder, port)
}

fn answers(port: u16) -> bool {
    TcpStream::connect(("127.0.0.1", port)).is_ok()
}

/// Waits until nobody listens: a process may end a moment after it was told to.
fn falls_silent(port: u16) {
    let started = Instant::now();
    while answers(port) {
        assert!(
            started.elapsed() < Duration::from_secs(10),
            "port {port} is still served"
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn nats_starts_on_a_free_port_and_ends_with_its_owner() {
    let folder = tempfile::tempdir().unwrap();
    let server = nats(folder.path(), 0).unwrap();
    let port = server.port();
    assert_eq!(server.url(), format!("nats://127.0.0.1:{port}"));
    assert!(answers(port));
    drop(server);
    falls_silent(port);
}

#[test]
fn nats_comes_back_on_its_port_and_folder_after_a_crash() {
    let folder = tempfile::tempdir().unwrap();
    let mut server = nats(folder.path(), 0).unwrap();
    let port = server.port();
    server.kill();
    falls_silent(port);
    server.kill(); // a second time is no error
    let again = nats(folder.path(), port).unwrap();
    assert_eq!(again.port(), port);
    assert_ne!(again.pid(), server.pid());
    drop(server);
    assert!(
        answers(port),
        "the owner of the dead one does not end the new one"
    );
}

#[test]
fn a_port_that_is_taken_is_one_sentence_that_says_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let error = nats(folder.path(), port).unwrap_err().to_string();
    assert_eq!(
        error,
        format!(
            "Port {port} is taken; stop what listens there, or start with --nats-port 0 for a free port."
        )
    );
}

#[test]
fn a_server_that_ends_at_once_is_told_with_its_log() {
    let folder = tempfile::tempdir().unwrap();
    // Where the streams should be is a file.
    std::fs::write(folder.path().join("jetstream"), "in the way").unwrap();
    let started = Instant::now();
    let error = format!("{:#}", nats(folder.path(), 0).unwrap_err());
    assert!(
        error.contains("nats-server ended at once") && error.contains("JetStream"),
        "{error}"
    );
    assert!(started.elapsed() < Duration::from_secs(10));
    let error = NatsServer::start(std::path::Path::new("/no/such/program"), folder.path(), 0).unwrap_err();
    assert!(error.to_string().contains("starting nats-server"), "{error:#}");
}

#[test]
fn postgres_starts_twice_on_one_folder_and_never_as_root() {
    let Some(programs) = servers::postgres::find() else {
        eprintln!("SKIPPED: there is no PostgreSQL on this machine");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let server = PostgresServer::start(&programs, folder.path(), Durability::None).unwrap();
    let port = server.port();
    assert_eq!(
        server.url("funds"),
        format!("postgres://postgres@127.0.0.1:{port}/funds")
    );
    let process = std::fs::metadata(format!("/proc/{}", server.pid())).unwrap();
    assert_ne!(process.uid(), 0, "PostgreSQL refuses to run as root");
    drop(server);
    falls_silent(port);
    let version = folder.path().join("data/PG_VERSION");
    let created = std::fs::metadata(&version).unwrap().modified().unwrap();
    let again = PostgresServer::start(&programs, folder.path(), Durability::Full).unwrap();
    assert!(answers(again.port()));
    assert_eq!(
        std::fs::metadata(&version).unwrap().modified().unwrap(),
        created,
        "the cluster is kept"
    );
}

#[test]
fn the_cache_is_a_folder_of_our_own() {
    assert!(servers::process::cache_folder().ends_with("heju"));
    assert!(servers::process::on_path("sh").is_some());
    assert!(servers::process::on_path("no-such-program-anywhere").is_none());
}
