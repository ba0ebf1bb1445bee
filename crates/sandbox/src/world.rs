//! The state of all vendors and the only way to change it.

use domain::{Change, Millis, Operation, Vendor};
use serde_json::Value;

use crate::{
    Answer, Event, Handled, Request, Response, Settings,
    call::Call,
    digest::{digest, mix},
    emulator::{Context, Emulator},
    faults::{self, Fault, Strikes},
    hostile::Hostile,
    key_behaviors::KeyBehaviors,
    registry::{Emulators, facts},
    reply,
    windows::Arrivals,
};

/// The seeded state of the vendors, changed only by [`Event`]s.
#[derive(Clone, Debug)]
pub struct World {
    settings: Settings,
    emulators: Emulators,
    memory: Memory,
}

/// Counters that are not part of the state: a replay resets them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Memory {
    n_calls: u64,
    arrivals: Arrivals,
    strikes: Strikes,
    behaviors: KeyBehaviors,
}

impl World {
    /// A freshly seeded world.
    pub fn new(settings: Settings) -> World {
        World { settings, emulators: Emulators::seeded(), memory: Memory::default() }
    }

    /// The same world with other settings. Cheaper on a clone than seeding a new world.
    #[must_use]
    pub fn with_settings(self, settings: Settings) -> World {
        World { settings, ..self }
    }

    /// Rebuilds a world from its events. Rate limit windows, 429 sentinels and key behaviors start over.
    pub fn replay(settings: Settings, events: impl IntoIterator<Item = Event>) -> World {
        let mut world = World::new(settings);
        for event in events {
            world.apply(&event);
        }
        world
    }

    /// Handles a request as the vendor would; with a hostile key, the response is hostile.
    pub fn handle(&mut self, vendor: Vendor, request: &Request, now: Millis) -> Handled {
        let Some(hostile) = Hostile::of(vendor, request) else { return self.serve(vendor, request, now) };
        let mut handled = if hostile.refuses() {
            self.memory.n_calls += 1;
            Handled { events: Vec::new(), latency_ms: 0, answer: Answer::Respond(Response::default()) }
        } else {
            self.serve(vendor, hostile.request(), now)
        };
        if let Answer::Respond(response) = handled.answer {
            handled.answer = Answer::Respond(hostile.turn(response, self.memory.n_calls));
        }
        handled
    }

    fn serve(&mut self, vendor: Vendor, request: &Request, now: Millis) -> Handled {
        let call = Call::new(request);
        let context = Context { settings: &self.settings, now };
        self.emulators.run(vendor, &call, context, &mut self.memory)
    }

    /// Applies one change. An event about an unknown target changes nothing.
    pub fn apply(&mut self, event: &Event) {
        self.emulators.apply(event);
    }

    /// Whether the operation of a change is in place; `None` if the state cannot tell.
    pub fn holds(&self, vendor: Vendor, change: &Change) -> Option<bool> {
        self.emulators.holds(vendor, change)
    }

    /// The vendor's 429 without `Retry-After`, as another party between client and vendor could send it.
    pub fn too_many_requests(&self, vendor: Vendor, now: Millis) -> Response {
        let context = Context { settings: &self.settings, now };
        self.emulators.refuse(vendor, &Fault::RateLimited { retry_after: false }, context)
    }

    /// The whole state by slug, for tests and inspection.
    pub fn dump(&self) -> Value {
        self.emulators.dump()
    }
}

/// True if a second call of an operation leaves the state of one call, and the state can be read.
pub fn is_repeatable(vendor: Vendor, operation: &Operation) -> bool {
    (facts(vendor).is_repeatable)(operation)
}

/// Handles one request: checks the key, rate limits, the key's behavior and sentinels, then executes it.
pub(crate) fn run<E: Emulator>(
    emulator: &mut E,
    vendor: Vendor,
    call: &Call<'_>,
    context: Context<'_>,
    memory: &mut Memory,
    wrap: impl Fn(E::Event) -> Event,
) -> Handled {
    memory.n_calls += 1;
    let latency_ms = if context.settings.latency { 40 + mix(memory.n_calls) % 260 } else { 0 };
    let handled = |answer| Handled { events: Vec::new(), latency_ms, answer };

    if let Err(refusal) = emulator.admit(call, context) {
        return handled(Answer::Respond(*refusal));
    }
    if context.settings.rate_limits {
        let (class, windows) = emulator.class(call, context);
        let class = format!("{} {:x}", vendor.slug(), digest(&class));
        if let Err(wait_ms) = memory.arrivals.take(&class, &windows, context.now) {
            return handled(Answer::Respond(emulator.too_many(wait_ms, context)));
        }
    }
    if let Some(fault) = memory.behaviors.next(vendor, call) {
        return handled(Answer::Respond(emulator.refuse(&fault, context)));
    }
    let fault = memory.strikes.next(vendor.slug(), &emulator.triggers(call));
    match fault {
        Some(Fault::Hang) => return handled(Answer::Hang),
        Some(Fault::Cut) => return handled(Answer::CutBefore),
        Some(Fault::Html) => return handled(Answer::Respond(faults::html_page())),
        Some(Fault::OtherService) => return handled(Answer::Respond(faults::other_service())),
        Some(fault @ (Fault::RateLimited { .. } | Fault::ServerError | Fault::Code(_))) => {
            return handled(Answer::Respond(emulator.refuse(&fault, context)));
        }
        Some(Fault::LostAnswer | Fault::Slow | Fault::Truncated | Fault::EmptyBody) | None => {}
    }

    let mut happened = Vec::new();
    let mut response = emulator.answer(call, context, &mut happened);
    if context.settings.unknown_fields {
        response = reply::with_unknown_fields(response);
    }
    let answer = match fault {
        Some(Fault::LostAnswer) if !happened.is_empty() => Answer::CutAfter,
        Some(Fault::Truncated) => Answer::Respond(faults::truncated(response)),
        Some(Fault::EmptyBody) => Answer::Respond(faults::emptied(response)),
        _ => Answer::Respond(response),
    };
    let latency_ms = if fault == Some(Fault::Slow) { faults::SLOW_MS } else { latency_ms };
    Handled { events: happened.into_iter().map(wrap).collect(), latency_ms, answer }
}
