// Follows `cargo xtask serve --watch`: shows new styles and texts, and reloads the page after a build.
const { release } = document.getElementById('boot').dataset;
const address = (path) => new URL(path, document.baseURI).href;
let events;
let shown; // the digest of the texts

function restyle(integrity) {
  const old = [...document.querySelectorAll('link[rel=stylesheet]')];
  if (old.at(-1)?.integrity === integrity) return;
  const link = document.createElement('link');
  const href = `${address('watch/app.css')}?${encodeURIComponent(integrity)}`;
  Object.assign(link, { rel: 'stylesheet', integrity, href });
  // The old styles stay until the new ones are here, so that nothing flickers.
  link.addEventListener('load', () => old.forEach((other) => other.remove()));
  link.addEventListener('error', () => link.remove());
  document.head.append(link);
}

// `crates/i18n/src/live.rs` reads the texts, also when the console starts after this.
async function reword(digest) {
  if (shown === digest) return;
  shown = digest;
  const response = await fetch(address('watch/en.json'), { cache: 'no-store' });
  globalThis.musterTexts = await response.json();
  dispatchEvent(new Event('muster-texts'));
}

function follow() {
  events = new EventSource(address('watch/events'));
  events.addEventListener('message', ({ data }) => {
    const now = JSON.parse(data);
    if (now.release !== release) {
      location.reload();
      return;
    }
    restyle(now.style);
    reword(now.texts);
  });
}

// Browsers open only six connections to a host, so hidden pages close theirs.
document.addEventListener('visibilitychange', () => (document.hidden ? events?.close() : follow()));
if (!document.hidden) follow();
