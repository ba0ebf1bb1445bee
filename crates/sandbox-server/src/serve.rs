//! The accept loop: plain HTTP/1.1 with connections that can be cut.

use std::fmt;
use std::future::Future;
use std::time::Duration;

use axum::Router;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tower::ServiceExt as _;

use crate::routes::Cut;

/// How long a shutdown waits for calls in flight, since hanging ones never end.
const GRACE: Duration = Duration::from_millis(500);

/// Serves until `stop` completes, then waits briefly for calls in flight.
///
/// # Errors
/// If the listener fails.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    stop: impl Future<Output = ()>,
) -> std::io::Result<()> {
    let mut stop = std::pin::pin!(stop);
    let graceful = GracefulShutdown::new();
    loop {
        let stream = tokio::select! {
            accepted = listener.accept() => accepted?.0,
            () = &mut stop => break,
        };
        let router = router.clone();
        let answer = service_fn(move |request: http::Request<Incoming>| answer(router.clone(), request));
        // One call per connection: browsers silently retry a call whose connection is cut if the connection
        // was reused, which would hide the cut.
        let connection = http1::Builder::new()
            .keep_alive(false)
            .timer(TokioTimer::new())
            .serve_connection(TokioIo::new(stream), answer);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            // Errors are deliberate cuts, or clients that disconnected.
            let (Ok(()) | Err(_)) = connection.await;
        });
    }
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(GRACE) => {}
    }
    Ok(())
}

async fn answer(router: Router, request: http::Request<Incoming>) -> Result<Response, CutConnection> {
    let Ok(response) = router.oneshot(request).await;
    match response.extensions().get::<Cut>() {
        Some(Cut) => Err(CutConnection),
        None => Ok(response),
    }
}

/// An error that makes hyper close the connection without sending a byte.
#[derive(Debug)]
struct CutConnection;

impl fmt::Display for CutConnection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("cut on purpose")
    }
}

impl std::error::Error for CutConnection {}
