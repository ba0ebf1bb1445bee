//! A headless console: encodes a request, lets the world handle it and decodes the response.

use std::sync::Arc;

use domain::api_error::ErrorOrigin;
use domain::{
    ApiError, Batch, BatchFailure, BatchId, BatchItem, ChangeId, Credentials, Cursor, ErrorClass, Items,
    Millis, Operation, Outcome, Page, Person, Query, Reply, Vendor,
};
use sandbox::{Answer, Event, Settings, World};
use serde_json::Value;
use vendors::{Protocol, Request, Response, changes, profile, protocol};

/// The start time of every test.
pub(crate) const START: Millis = 1_800_000_000_000;

/// Credentials that the default policy accepts.
pub(crate) fn credentials(vendor: Vendor) -> Credentials {
    profile(vendor).keys[0].filled("a-key")
}

/// A connection to a world.
#[derive(Debug)]
pub(crate) struct Console {
    pub vendor: Vendor,
    pub world: World,
    pub now: Millis,
    pub acting_as: Option<&'static str>,
    /// The events that this console's requests caused.
    pub happened: Vec<Event>,
    credentials: Credentials,
    token: Option<Credentials>,
}

impl Console {
    /// A console with a fresh world without latency.
    pub(crate) fn new(vendor: Vendor) -> Self {
        Self::with(vendor, Settings { latency: false, ..Settings::default() })
    }

    /// A console with a fresh world and these settings.
    pub(crate) fn with(vendor: Vendor, settings: Settings) -> Self {
        Self::over(vendor, World::new(settings))
    }

    /// A console for an existing world.
    pub(crate) fn over(vendor: Vendor, world: World) -> Self {
        let credentials = credentials(vendor);
        Self { vendor, world, now: START, acting_as: None, happened: Vec::new(), credentials, token: None }
    }

    /// The same console with other credentials.
    pub(crate) fn keyed(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self.token = None;
        self
    }

    pub(crate) fn protocol(&self) -> &'static dyn Protocol {
        protocol(self.vendor)
    }

    pub(crate) fn dump(&self) -> Value {
        self.world.dump()
    }

    /// Applies operations to several people in one call and returns their outcomes in order. A missing outcome
    /// is unknown, as in a run.
    pub(crate) fn apply_all(&mut self, items: Vec<(Person, Operation)>) -> Vec<Outcome> {
        let batch = batch(items);
        let reply = self.send_batch(&batch);
        let outcome = |item: &BatchItem| match &reply {
            Ok(reply) => {
                let mut found = reply.outcomes.iter().filter(|(change, _)| *change == item.change);
                let outcome = found.next().map(|(_, outcome)| outcome.clone());
                assert!(found.next().is_none(), "two outcomes for one change");
                outcome.unwrap_or_else(|| {
                    Outcome::Unknown(ApiError::new(ErrorClass::Unknown, ErrorOrigin::Vendor, "row.missing"))
                })
            }
            Err(BatchFailure { error, .. }) => Outcome::of_error(error.clone()),
        };
        batch.items.iter().map(outcome).collect()
    }

    /// Applies an operation to one person, or to the group itself.
    pub(crate) fn apply(&mut self, person: Person, operation: Operation) -> Outcome {
        self.apply_all(vec![(person, operation)]).remove(0)
    }

    /// Sends a batch and decodes the response.
    pub(crate) fn send_batch(&mut self, batch: &Batch) -> Result<Reply, BatchFailure> {
        let request = changes(self.vendor).encode(batch, self.acting_as).map_err(BatchFailure::unsent)?;
        let response = self.authorized(request).map_err(BatchFailure::sent)?;
        changes(self.vendor).decode(batch, &response)
    }

    /// Reads one page.
    pub(crate) fn read(&mut self, query: &Query, cursor: Option<Cursor>) -> Result<Page, ApiError> {
        let request = self.protocol().encode_query(query, cursor, self.acting_as)?;
        let response = self.authorized(request)?;
        self.protocol().decode_page(query, cursor, &response)
    }

    /// Reads all pages.
    pub(crate) fn read_all(&mut self, query: &Query) -> Vec<Page> {
        let mut pages = Vec::new();
        let mut cursor = None;
        loop {
            let page = self.read(query, cursor).expect("the sandbox lets itself be read");
            cursor = page.next;
            pages.push(page);
            if cursor.is_none() {
                return pages;
            }
            assert!(pages.len() < 1_000, "{query:?} never ends");
        }
    }

    /// The ids of everything that a query finds.
    pub(crate) fn ids(&mut self, query: &Query) -> Vec<String> {
        let id_of = |page: Page| -> Vec<String> {
            match page.items {
                Items::Members(members) => members.iter().map(|member| member.id.to_string()).collect(),
                Items::Groups(groups) => groups.iter().map(|group| group.id.to_string()).collect(),
                Items::Roles(roles) => roles.iter().map(|role| role.id.to_string()).collect(),
                Items::Prices(prices) => prices.iter().map(|price| price.id.to_string()).collect(),
            }
        };
        self.read_all(query).into_iter().flat_map(id_of).collect()
    }

    /// Sends a request. Signs in first if the vendor requires it, and again if the token has expired.
    pub(crate) fn authorized(&mut self, request: Request) -> Result<Response, ApiError> {
        assert!(request.uri().host().is_none(), "a request names no host: {}", request.uri());
        let is_signed_in = self.token.is_some();
        let response = self.with_key(request.clone())?;
        if is_signed_in && self.token.is_some() && self.protocol().is_token_expired(&response, u64::MAX) {
            self.token = None;
            return self.with_key(request);
        }
        Ok(response)
    }

    fn with_key(&mut self, mut request: Request) -> Result<Response, ApiError> {
        if self.token.is_none()
            && let Some(sign_in) = self.protocol().sign_in(&self.credentials)
        {
            let response = self.exchange(&sign_in)?;
            self.token = Some(Credentials::Token(self.protocol().decode_sign_in(&response)?));
        }
        let credentials = self.token.as_ref().unwrap_or(&self.credentials);
        if let Some((name, value)) = self.protocol().authorization(credentials) {
            assert!(!request.headers().contains_key(&name), "only the transport adds the key");
            request.headers_mut().insert(name, value);
        }
        self.exchange(&request)
    }

    fn exchange(&mut self, request: &Request) -> Result<Response, ApiError> {
        let lost = |code| Err(ApiError::new(ErrorClass::Unknown, ErrorOrigin::Network, code));
        let handled = self.world.handle(self.vendor, request, self.now);
        self.happened.extend(handled.events);
        match handled.answer {
            Answer::Respond(response) => Ok(response),
            Answer::Hang => lost("net.timed_out"),
            Answer::CutBefore | Answer::CutAfter => lost("net.unreachable"),
        }
    }
}

/// The batch for the first call of a run.
pub(crate) fn batch(items: Vec<(Person, Operation)>) -> Batch {
    let items = items.into_iter().enumerate().map(|(idx, (person, operation))| BatchItem {
        change: ChangeId(idx as u32),
        person,
        operation: Arc::new(operation),
    });
    Batch { id: BatchId(0), n_attempts: 0, items: items.collect() }
}
