//! The marking page over HTTP, for this machine alone: it listens on 127.0.0.1, every address has a random token in it, and a page of
//! another origin can neither read nor change anything.

use std::sync::{Arc, Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, ORIGIN, REFERRER_POLICY, X_CONTENT_TYPE_OPTIONS};
use axum::http::{HeaderValue, StatusCode};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use tokio::net::TcpListener;

use super::{Answer, Comparison, Desk, DeskError, Detail, Names, NewPoints, Question, Saved};
use crate::domain::item_id::ItemId;
use crate::store::Phrase;

const PAGE: &str = include_str!("../../assets/review/page.html");
const SCRIPT: &str = include_str!("../../assets/review/review.js");
const STYLE: &str = include_str!("../../assets/review/review.css");

/// Only what this server itself sends is loaded, run or sent to.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; \
                      form-action 'none'; frame-ancestors 'none'";

/// What every request needs.
#[derive(Clone)]
struct Shared {
    desk: Arc<Mutex<Desk>>,
    token: Arc<str>,
    /// Which `Host` a request to this server has.
    hosts: Arc<[String; 2]>,
}

/// Serves `desk` on `listener` until `stop` ends. Addresses begin with `/TOKEN/`.
///
/// # Errors
/// If the system closes the listener.
pub async fn serve(desk: Arc<Mutex<Desk>>, listener: TcpListener, token: &str, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
    let port = listener.local_addr()?.port();
    let hosts = Arc::new([format!("127.0.0.1:{port}"), format!("localhost:{port}")]);
    let shared = Shared { desk, token: token.into(), hosts };
    axum::serve(listener, router(shared)).with_graceful_shutdown(stop).await
}

fn router(shared: Shared) -> Router {
    Router::new()
        .route("/{token}/", get(async || text(PAGE, "text/html; charset=utf-8")))
        .route("/{token}/review.js", get(async || text(SCRIPT, "text/javascript; charset=utf-8")))
        .route("/{token}/review.css", get(async || text(STYLE, "text/css; charset=utf-8")))
        .route("/{token}/questions", get(questions))
        .route("/{token}/answers", get(answers))
        .route("/{token}/answer", get(answer))
        .route("/{token}/names", get(names))
        .route("/{token}/comparison", get(comparison))
        .route("/{token}/picture", get(picture))
        .route("/{token}/phrases", get(phrases).post(keep_phrase))
        .route("/{token}/mark", post(mark))
        .route("/{token}/say", post(say))
        .route("/{token}/excuse", post(excuse))
        .route("/{token}/withdraw", post(withdraw))
        .layer(middleware::from_fn_with_state(shared.clone(), guard))
        .with_state(shared)
}

fn text(body: &'static str, kind: &'static str) -> Response {
    ([(CONTENT_TYPE, kind)], body).into_response()
}

/// Lets through what this page itself asks for. The `Host` is looked at because a name of another site may lead to 127.0.0.1.
async fn guard(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    let is_allowed = shared.allows(&request);
    let mut response = if is_allowed { next.run(request).await } else { (StatusCode::NOT_FOUND, "not found").into_response() };
    let headers = response.headers_mut();
    for (name, value) in [(CONTENT_SECURITY_POLICY, POLICY), (X_CONTENT_TYPE_OPTIONS, "nosniff"), (REFERRER_POLICY, "no-referrer"), (CACHE_CONTROL, "no-store")]
    {
        headers.insert(name, HeaderValue::from_static(value));
    }
    response
}

/// An answer, as addresses name it.
#[derive(Deserialize)]
struct Which {
    item: ItemId,
    #[serde(default)]
    key: String,
}

#[derive(Deserialize)]
struct NewMark {
    item: ItemId,
    key: String,
    points: f64,
    evidence: Option<String>,
    #[serde(default)]
    comment: String,
    #[serde(default)]
    settles: bool,
}

#[derive(Deserialize)]
struct NewComment {
    item: ItemId,
    key: String,
    #[serde(default)]
    comment: String,
}

#[derive(Deserialize)]
struct NewPhrase {
    item: ItemId,
    text: String,
    points: f64,
}

#[derive(Deserialize)]
struct Withdrawal {
    item: ItemId,
    key: String,
    mark: i64,
}

impl IntoResponse for DeskError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::Unknown(_) => StatusCode::NOT_FOUND,
            Self::Refused(_) => StatusCode::UNPROCESSABLE_ENTITY,
            Self::Store(_) => StatusCode::INTERNAL_SERVER_ERROR,
        };
        (status, self.to_string()).into_response()
    }
}

type Answered<T> = Result<Json<T>, DeskError>;

impl Shared {
    fn allows(&self, request: &Request) -> bool {
        let token = request.uri().path().split('/').nth(1);
        let header = |name| request.headers().get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let is_host = |host: &str| self.hosts.iter().any(|own| own == host);
        let is_own = |origin: &str| origin.strip_prefix("http://").is_some_and(is_host);
        let is_read = request.method().is_safe();
        header(HOST).is_some_and(is_host) && header(ORIGIN).map_or(is_read, is_own) && token == Some(&*self.token)
    }

    /// What `work` makes of the desk. A request that has crashed leaves the desk as it was: each change is one transaction.
    fn with<T>(&self, work: impl FnOnce(&mut Desk) -> Result<T, DeskError>) -> Answered<T> {
        work(&mut self.desk.lock().unwrap_or_else(PoisonError::into_inner)).map(Json)
    }
}

async fn questions(State(shared): State<Shared>) -> Answered<Vec<Question>> {
    shared.with(Desk::questions)
}

async fn answers(State(shared): State<Shared>, Query(which): Query<Which>) -> Answered<Vec<Answer>> {
    shared.with(|desk| desk.answers(&which.item))
}

async fn answer(State(shared): State<Shared>, Query(which): Query<Which>) -> Answered<Detail> {
    shared.with(|desk| desk.answer(&which.item, &which.key))
}

async fn names(State(shared): State<Shared>, Query(which): Query<Which>) -> Answered<Names> {
    shared.with(|desk| desk.names(&which.item))
}

async fn comparison(State(shared): State<Shared>, Query(which): Query<Which>) -> Answered<Comparison> {
    shared.with(|desk| desk.comparison(&which.item))
}

async fn picture(State(shared): State<Shared>, Query(which): Query<Which>) -> Result<Response, DeskError> {
    let Json((bytes, kind)) = shared.with(|desk| desk.picture(&which.item, &which.key))?;
    Ok(([(CONTENT_TYPE, kind)], Body::from(bytes)).into_response())
}

async fn phrases(State(shared): State<Shared>, Query(which): Query<Which>) -> Answered<Vec<Phrase>> {
    shared.with(|desk| desk.phrases(&which.item))
}

async fn keep_phrase(State(shared): State<Shared>, Json(new): Json<NewPhrase>) -> Answered<()> {
    shared.with(|desk| desk.keep_phrase(&new.item, &new.text, new.points))
}

async fn mark(State(shared): State<Shared>, Json(new): Json<NewMark>) -> Answered<Saved> {
    let given = NewPoints { points: new.points, evidence: new.evidence.as_deref(), comment: &new.comment, settles: new.settles };
    shared.with(|desk| desk.mark(&new.item, &new.key, &given))
}

async fn say(State(shared): State<Shared>, Json(new): Json<NewComment>) -> Answered<Saved> {
    shared.with(|desk| desk.say(&new.item, &new.key, &new.comment))
}

async fn excuse(State(shared): State<Shared>, Json(new): Json<NewComment>) -> Answered<Saved> {
    shared.with(|desk| desk.excuse(&new.item, &new.key, &new.comment))
}

async fn withdraw(State(shared): State<Shared>, Json(old): Json<Withdrawal>) -> Answered<Saved> {
    shared.with(|desk| desk.withdraw(&old.item, &old.key, old.mark))
}
