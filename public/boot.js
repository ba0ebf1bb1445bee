// Runs before the console: settles how the page looks, then loads the Wasm.
// These are the only words for people outside locales/, as no locale can be loaded when loading fails.
const FAILED = 'Muster could not start.';
const FAILED_WHY =
  'Part of it did not load. Please check your connection and load the page again. ' +
  'If that does not help, your browser may be too old: Muster needs one from the last two years.';
const RELOAD = 'Load again';
const RELOADED = 'muster.reloaded';
const REFETCH_MS = 5000;
const FONT = 'muster.font';
const FONT_MS = 2500;

const { js, wasm, integrity, files, worker } = document.getElementById('boot').dataset;
const address = (path) => new URL(path, document.baseURI).href;
const named = Object.fromEntries(files.split(' ').map((pair) => pair.split('=')));
const WORKERS = [...Object.keys(named).filter((name) => name.endsWith('-worker.js')).map((name) => named[name]), worker].map(address);

// Leptos sets static markup through template.innerHTML. The first is a tripwire, not a sanitizer: the console never
// gives text from a service to it. The second knows the scripts that are started by their addresses.
globalThis.trustedTypes?.createPolicy('default', {
  createHTML: (html) =>
    /<(?:script|iframe|object|embed|base|meta|link|style)|<[^>]+[\s/"']on\w+\s*=|javascript:|srcdoc/i.test(html)
      ? null
      : html,
  createScriptURL: (url) => (WORKERS.includes(address(url)) ? url : null),
});

function stored(storage, key) {
  try {
    return globalThis[storage].getItem(key);
  } catch {
    return null; // blocked by the browser's settings: the page works without
  }
}

function settleLooks() {
  const root = document.documentElement;
  const asked = new URLSearchParams(location.search);
  const theme = stored('localStorage', 'muster.theme');
  const density = stored('localStorage', 'muster.density');
  const locale = asked.get('locale') ?? stored('localStorage', 'muster.locale');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  if (density === 'compact') root.dataset.density = density;
  try {
    if (locale) {
      const [tag] = Intl.getCanonicalLocales(locale);
      const known = new Intl.Locale(tag);
      const text = known.getTextInfo?.() ?? known.textInfo;
      root.lang = tag;
      root.dir = text?.direction ?? 'ltr';
    }
  } catch {
    // Not a language tag: the page stays as it is written.
  }
  const direction = asked.get('dir');
  if (direction === 'rtl' || direction === 'ltr') root.dir = direction;
}

// The typeface is not part of the first load: a device that has it shows it at once, another one fetches it once the
// page has settled.
function useFont() {
  const release = named['fonts/inter-latin.woff2'];
  if (!release) return;
  const faces = [
    ['fonts/inter-latin.woff2', 'U+0-FF, U+131, U+152-153, U+2C6, U+2DC, U+2010-2044, U+20AC, U+2122, U+2190-2193, U+2212'],
    ['fonts/inter-latin-ext.woff2', 'U+100-130, U+132-151, U+154-17F, U+218-21B, U+1E9E'],
  ].map(([name, unicodeRange]) =>
    new FontFace('Inter', `url("${address(named[name])}")`, { weight: '400 600', unicodeRange, display: 'swap' }));
  const show = () => {
    faces.forEach((face) => document.fonts.add(face));
    document.documentElement.dataset.font = 'inter';
  };
  if (stored('localStorage', FONT) === release) return show();
  setTimeout(async () => {
    if (navigator.connection?.saveData || !navigator.onLine) return;
    try {
      await faces[0].load();
      localStorage.setItem(FONT, release);
    } catch {
      return; // The system's own typeface stays.
    }
    show();
  }, FONT_MS);
}

// After a deploy an old page may name files that are gone, and a cache may hold bytes that are not the right ones for
// as long as it likes. One reload fetches the new page, and its files as they are now.
async function reloadOnce() {
  try {
    if (sessionStorage.getItem(RELOADED)) return false;
    sessionStorage.setItem(RELOADED, 'yes');
  } catch {
    return false;
  }
  const early = [...document.querySelectorAll('link[integrity], link[rel=preload]')];
  const anew = { cache: 'reload', signal: AbortSignal.timeout(REFETCH_MS) };
  await Promise.allSettled(early.map(({ href }) => fetch(href, anew)));
  location.reload();
  return true;
}

function showFailure(error) {
  console.error(error);
  const main = document.createElement('main');
  main.className = 'crash';
  main.setAttribute('role', 'alert');
  const title = document.createElement('h1');
  title.textContent = FAILED;
  const why = document.createElement('p');
  why.textContent = FAILED_WHY;
  const again = document.createElement('button');
  again.className = 'btn btn-primary';
  again.type = 'button';
  again.textContent = RELOAD;
  again.addEventListener('click', () => location.reload());
  main.append(title, why, again);
  document.body.replaceChildren(main);
}

async function start() {
  try {
    // A browser imports the modules that the page has it fetch early and compare with their checksums. One that
    // would ask for them anew finds in its cache what is compared here.
    const modules = [...document.querySelectorAll('link[rel=modulepreload]')];
    await Promise.all(modules.map((module) => fetch(module.href, { integrity: module.integrity })));
    const { default: init } = await import(address(js));
    // The same request as the preload in the page's head, so it is answered once.
    const module = await fetch(wasm, { credentials: 'same-origin', integrity });
    if (!module.ok) throw new Error(`the Wasm answered ${module.status}`);
    await init({ module_or_path: module });
  } catch (error) {
    if (error instanceof WebAssembly.RuntimeError) {
      console.error(error); // it started and then stopped: the console has drawn its own notice
      document.getElementById('starting')?.remove();
    } else if (!(await reloadOnce())) {
      showFailure(error);
    }
    return;
  }
  try {
    sessionStorage.removeItem(RELOADED);
  } catch {
    // Blocked: then nothing was stored either.
  }
}

// A browser that translates the page puts <font> elements in place of texts, or around them. The console changes, moves
// and removes the texts that it made: without this a translation would stay when its text has changed, and what is to
// stand before a text that was replaced would stand nowhere. So a text that was replaced goes back to its place, empty,
// and takes the translation away as a whole once it says something else.
function followTranslation() {
  const standsFor = new WeakMap(); // a translation and its text
  const translations = new WeakMap(); // a text and its translation
  const isFont = (node) => node.nodeName === 'FONT' && node.isConnected && !standsFor.has(node);
  const pair = (text, translation) => {
    translations.set(text, translation);
    standsFor.set(translation, text);
  };
  const part = (text) => {
    standsFor.delete(translations.get(text));
    translations.get(text).remove();
    translations.delete(text);
  };
  const replacement = (records, { target, addedNodes, previousSibling, nextSibling }) => {
    const added = records.filter((other) => other.target === target && other.previousSibling === previousSibling);
    const near = [...addedNodes, previousSibling, nextSibling, ...added.flatMap((other) => [...other.addedNodes])];
    return near.find((node) => node && isFont(node));
  };
  const leaveNothing = (font) => {
    if (font.nodeName !== 'FONT' || font.hasChildNodes() || !font.isConnected) return;
    const around = font.parentNode;
    font.remove();
    leaveNothing(around);
  };
  const follow = (records) => {
    const isTranslated = records.some(({ addedNodes }) => [...addedNodes].some(isFont));
    for (const record of records) {
      if (record.type === 'characterData') {
        if (translations.has(record.target)) part(record.target);
        continue;
      }
      for (const node of record.removedNodes) {
        const text = standsFor.get(node);
        if (text && !node.isConnected) {
          // The browser took the translation back, or gives another.
          standsFor.delete(node);
          translations.delete(text);
          const other = text.isConnected && replacement(records, record);
          if (other) pair(text, other);
          else text.data = originals.get(text);
        } else if (node.nodeType === Node.TEXT_NODE && translations.has(node)) {
          if (!node.isConnected) part(node);
          else if (translations.get(node).isConnected) node.after(translations.get(node));
        } else if (isTranslated && node.nodeType === Node.TEXT_NODE && node.data && !node.isConnected) {
          const font = replacement(records, record);
          if (!font) continue;
          pair(node, font);
          originals.set(node, node.data);
          node.data = '';
          font.before(node);
          changes.observe(node, { characterData: true });
        }
      }
      leaveNothing(record.target);
    }
    changes.takeRecords(); // what was done here
  };
  const originals = new WeakMap();
  const changes = new MutationObserver(follow);
  changes.observe(document.body, { childList: true, subtree: true });
}

settleLooks();
followTranslation();
useFont();
// Scripts wait for style sheets, so one that is not there now will not come; without it the console works.
if (document.styleSheets.length > 0 || !(await reloadOnce())) start();
