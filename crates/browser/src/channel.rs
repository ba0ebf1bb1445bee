//! Messages between the tabs of one site.

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{BroadcastChannel, MessageEvent};

/// A broadcast channel to the other tabs. Closed when dropped.
#[derive(Debug)]
pub struct Channel {
    inner: BroadcastChannel,
    listener: Option<Closure<dyn FnMut(MessageEvent)>>,
}

impl Channel {
    /// Opens a channel by its name; `None` where the browser has no channels.
    pub fn open(name: &str) -> Option<Self> {
        Some(Self { inner: BroadcastChannel::new(name).ok()?, listener: None })
    }

    /// Calls a function with every message that `read` understands. A tab with another release may send others.
    pub fn listen<M>(
        &mut self,
        read: impl Fn(&str) -> Option<M> + 'static,
        mut hear: impl FnMut(M) + 'static,
    ) {
        let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |event: MessageEvent| {
            if let Some(message) = event.data().as_string().and_then(|text| read(&text)) {
                hear(message);
            }
        });
        self.inner.set_onmessage(Some(listener.as_ref().unchecked_ref()));
        self.listener = Some(listener);
    }

    /// Sends a message to the other tabs. Returns `false` if the browser refuses it.
    pub fn send(&self, text: &str) -> bool {
        self.inner.post_message(&text.into()).is_ok()
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.inner.set_onmessage(None);
        self.inner.close();
    }
}
