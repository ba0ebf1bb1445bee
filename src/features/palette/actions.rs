//! What choosing in the command palette does.

use std::sync::Arc;

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::entries::Act;
use crate::features::connecting::export;
use crate::routing::{paths, use_go};
use crate::shell::navigation::lock_all;
use crate::shell::preferences::{Density, Preferences, Theme};
use crate::shell::shortcuts::Shortcuts;
use crate::state::code::NotFetched;
use crate::state::runs::{Runs, use_runs};
use crate::state::session::{Session, use_session};
use i18n::text;
use ui::{announce, toast};

type Go = Arc<dyn Fn(&str) + Send + Sync>;

/// Does what was chosen.
#[derive(Clone)]
pub(super) struct Doer {
    session: Session,
    runs: Runs,
    preferences: Preferences,
    shortcuts: Shortcuts,
    go: Go,
}

impl Doer {
    pub(super) fn new(shortcuts: Shortcuts) -> Self {
        Self {
            session: use_session(),
            runs: use_runs(),
            preferences: expect_context(),
            shortcuts,
            go: Arc::new(use_go()),
        }
    }

    pub(super) fn act(&self, act: Act) {
        match act {
            Act::Go(path) => (self.go)(&path),
            Act::Lock => lock_all(self.session),
            Act::Export => export::export(self.session),
            Act::AddSamples => self.add_samples(),
            Act::ListShortcuts => self.shortcuts.open_list(),
            Act::UseTheme(theme) => {
                self.preferences.theme.set(theme);
                let name = match theme {
                    Theme::System => text::settings_theme_system(),
                    Theme::Light => text::settings_theme_light(),
                    Theme::Dark => text::settings_theme_dark(),
                };
                announce(text::palette_theme(&name));
            }
            Act::UseDensity(density) => {
                self.preferences.density.set(density);
                let name = match density {
                    Density::Comfortable => text::settings_density_comfortable(),
                    Density::Compact => text::settings_density_compact(),
                };
                announce(text::palette_density(&name));
            }
            // The page of the run shows what becomes of it.
            Act::Pause(run) => {
                self.runs.pause(&run);
                (self.go)(&paths::run(run.as_str()));
            }
            Act::Resume(run) => {
                self.runs.resume(&run);
                (self.go)(&paths::run(run.as_str()));
            }
        }
    }

    fn add_samples(&self) {
        let (session, go) = (self.session, Arc::clone(&self.go));
        spawn_local(async move {
            match session.add_samples(None).await {
                Ok(()) => go(&paths::overview()),
                Err(NotFetched) => toast(text::ui_page_missing_body(), None),
            }
        });
    }
}
