// Measures the grid of a group of many members on a slow phone: typing a search, sorting, selecting everyone, scrolling,
// memory and the number of elements; and how busy the page is while it reads them from a vendor.
//
// MUSTER_RIVALS may name a folder with `node_modules` of @tanstack/table-core 8 with @tanstack/virtual-core, and of
// ag-grid-community. They show the same people in the same browser, turn by turn; and a page without a list shows what
// the browser itself takes.
import { once } from 'node:events';
import { createServer } from 'node:http';
import { join } from 'node:path';
import { isThere, launch, lookEachFrame, median, memory, processOf, served, texts, url } from './browser.mjs';

const SIZES = (process.env.MUSTER_SIZES ?? '1000,10000,100000').split(',').map(Number);
const TURNS = Number(process.env.MUSTER_TURNS ?? 3);
/** How much slower than here the processor of a phone is. */
const SLOWER = Number(process.env.MUSTER_SLOWER ?? 4);
const PORT = Number(process.env.MUSTER_VENDOR_PORT);
/** Calls that Muster has under way at the same time. */
const AT_ONCE = 4;
/** From this many people on, Muster asks before it reads them all: it takes a tenth of the calls of a minute. */
const ASKS_FROM = 1_000_000;
const SEARCH = 'noor';

const GIVEN = ['Mila', 'Noor', 'Oskar', 'José', 'Zoë', 'Chidi', 'Ana', 'Łukasz', 'Ines', 'Yusuf', 'Priya'];
const FAMILY = ['Okafor', 'Nowak', 'Dvořák', 'Silva', 'Bakker', 'Haddad', 'Tanaka', 'Novák', 'Moreau'];
const SCOPES = ['participant', 'participant', 'participant', 'moderator', 'participant', 'admin'];

/** A member as the vendor lists them. */
function member(idx) {
  const spread = (idx * 7_919) % 1_000_003;
  return {
    uid: `person-${String(spread).padStart(7, '0')}-${idx}`,
    name: `${GIVEN[idx % GIVEN.length]} ${FAMILY[spread % FAMILY.length]} ${idx}`,
    scope: SCOPES[spread % SCOPES.length],
    joinedAt: 1_700_000_000 + spread,
  };
}

/** A vendor with groups of each size, which answers any key, as fast as one over a network. */
async function vendor() {
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url, 'http://localhost');
    response.setHeader('access-control-allow-origin', '*');
    response.setHeader('access-control-allow-headers', '*, apikey');
    if (request.method === 'OPTIONS') return void response.writeHead(204).end();
    const say = (body) => void response.setHeader('content-type', 'application/json').end(JSON.stringify(body));
    const list = (n, item) => {
      const [perPage, page] = [Number(searchParams.get('perPage')), Number(searchParams.get('page'))];
      const from = (page - 1) * perPage;
      const data = Array.from({ length: Math.max(0, Math.min(perPage, n - from)) }, (_, idx) => item(from + idx));
      const total_pages = Math.ceil(n / perPage);
      const answer = { data, meta: { pagination: { total: n, count: data.length, per_page: perPage, current_page: page, total_pages } } };
      // As long as the sandbox takes.
      setTimeout(say, 40 + (page * 97) % 260, answer);
    };
    const group = (n) => ({ guid: `crowd-${n}`, name: `Crowd of ${n}`, type: 'public', membersCount: n, owner: 'nobody' });
    const [, size, part] = /groups\/crowd-(\d+)(?:\/(\w+))?$/.exec(pathname) ?? [];
    if (part === 'members') list(Number(size), member);
    else if (size && !part) say({ data: group(Number(size)) });
    else if (pathname.endsWith('/groups')) list(SIZES.length, (idx) => group(SIZES[idx]));
    else list(0);
  });
  server.listen(PORT, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

/** In the page: measures what happens to a grid, which is described by a few functions. */
function tools() {
  /** What is waited for. The policy of a page forbids to make functions of texts. */
  const conditions = {
    rows: (n) => globalThis.grid.n_rows() === n,
    selected: (n) => globalThis.grid.n_selected() === n,
    firstOtherThan: (name) => ![undefined, name].includes(globalThis.grid.first()),
  };
  /** From an event on to the moment at which its result is painted. */
  globalThis.timed = (event, condition, arg) => new Promise((resolve) => {
    const note = async () => {
      const start = performance.now();
      await globalThis.painted(() => conditions[condition](arg));
      resolve(performance.now() - start);
    };
    addEventListener(event, note, { capture: true, once: true });
  });
  /** Scrolls to the end, and returns how long the frames took, and the longest task. */
  globalThis.scrolled = async (box, n_frames) => {
    let long = 0;
    const tasks = new PerformanceObserver((list) => list.getEntries().forEach(({ duration }) => { long = Math.max(long, duration); }));
    tasks.observe({ type: 'longtask' });
    const frames = [];
    let before = await new Promise(requestAnimationFrame);
    for (let frame = 1; frame <= n_frames; frame += 1) {
      box.scrollTop = (box.scrollHeight - box.clientHeight) * (frame / n_frames);
      const now = await new Promise(requestAnimationFrame);
      frames.push(now - before);
      before = now;
    }
    await new Promise((resolve) => setTimeout(resolve, 300));
    tasks.disconnect();
    box.scrollTop = 0;
    return { frames, long };
  };
}

/** In the page of the rivals: each list by its name, with the functions that measure it. */
function rivals() {
  const build = {
    /** No list at all: what the browser itself takes for a key, a press and the text that follows. */
    async nothing(people, box, found) {
      box.innerHTML = '<input class="search"><button class="sort">Name</button><input type="checkbox" class="all"><output></output><div class="scroll" style="height:600px;overflow:auto"><div style="height:4000000px"></div></div>';
      const [scroll, output] = ['.scroll', 'output'].map((name) => box.querySelector(name));
      let [n, selected, first] = [people.length, 0, 'a'];
      const say = () => { output.textContent = `${n} ${selected} ${first}`; };
      box.querySelector('.search').addEventListener('input', ({ target }) => { n = found[target.value] ?? people.length; say(); });
      box.querySelector('.sort').addEventListener('click', () => { first = 'z'; say(); });
      box.querySelector('.all').addEventListener('click', () => { selected = n; say(); });
      say();
      return { n_rows: () => n, n_selected: () => selected, first: () => first, scroll };
    },
    async tanstack(people, box) {
      const { createTable, getCoreRowModel, getFilteredRowModel, getSortedRowModel } = await import('/@tanstack/table-core/build/lib/index.mjs');
      const { Virtualizer, elementScroll, observeElementOffset, observeElementRect } = await import('/@tanstack/virtual-core/dist/esm/index.js');
      box.innerHTML = '<input class="search"><button class="sort">Name</button><input type="checkbox" class="all"><output></output><div class="scroll" style="height:600px;overflow:auto"><div class="area" style="position:relative"></div></div>';
      const [scroll, area, output] = ['.scroll', '.area', 'output'].map((name) => box.querySelector(name));
      const columns = ['uid', 'name', 'scope', 'joinedAt'].map((accessorKey) => ({ accessorKey }));
      let state = { columnPinning: { left: [], right: [] }, sorting: [], globalFilter: '', rowSelection: {} };
      const table = createTable({
        data: people,
        columns,
        getCoreRowModel: getCoreRowModel(),
        getSortedRowModel: getSortedRowModel(),
        getFilteredRowModel: getFilteredRowModel(),
        globalFilterFn: 'includesString',
        getRowId: ({ uid }) => uid,
        state,
        onStateChange: (change) => {
          state = typeof change === 'function' ? change(state) : change;
          draw();
        },
        renderFallbackValue: null,
      });
      state = { ...table.initialState, ...state };
      const virtualizer = new Virtualizer({
        count: people.length,
        getScrollElement: () => scroll,
        estimateSize: () => 48,
        overscan: 8,
        scrollToFn: elementScroll,
        observeElementOffset,
        observeElementRect,
        onChange: () => drawRows(),
      });
      virtualizer._didMount();
      function drawRows() {
        const { rows } = table.getRowModel();
        area.style.height = `${virtualizer.getTotalSize()}px`;
        area.replaceChildren(...virtualizer.getVirtualItems().map(({ index, start }) => {
          const row = document.createElement('div');
          row.style = `position:absolute;inset-inline:0;height:48px;display:grid;grid-template-columns:2rem repeat(4,1fr);transform:translateY(${start}px)`;
          const { original, getIsSelected } = rows[index];
          const tick = document.createElement('input');
          tick.type = 'checkbox';
          tick.checked = getIsSelected();
          const cells = columns.map(({ accessorKey }) => Object.assign(document.createElement('div'), { textContent: original[accessorKey] }));
          row.append(tick, ...cells);
          return row;
        }));
      }
      function draw() {
        table.setOptions((options) => ({ ...options, state }));
        const n = table.getRowModel().rows.length;
        virtualizer.setOptions({ ...virtualizer.options, count: n });
        virtualizer._willUpdate();
        virtualizer.measure();
        drawRows();
        output.textContent = `${n} ${Object.keys(state.rowSelection).length}`;
      }
      box.querySelector('.search').addEventListener('input', ({ target }) => table.setGlobalFilter(target.value));
      box.querySelector('.sort').addEventListener('click', () => table.setSorting([{ id: 'name', desc: true }]));
      box.querySelector('.all').addEventListener('click', () => table.toggleAllRowsSelected(true));
      draw();
      return {
        n_rows: () => Number(output.textContent.split(' ')[0]),
        n_selected: () => Number(output.textContent.split(' ')[1]),
        first: () => area.querySelector('div > div > div:nth-of-type(2)')?.textContent,
        scroll,
      };
    },
    async aggrid(people, box) {
      box.innerHTML = '<input class="search"><button class="sort">Name</button><input type="checkbox" class="all"><output></output><div class="grid" style="height:600px"></div>';
      const output = box.querySelector('output');
      const say = ({ api }) => { output.textContent = `${api.getDisplayedRowCount()} ${api.getSelectedNodes().length}`; };
      const api = agGrid.createGrid(box.querySelector('.grid'), {
        rowData: people,
        getRowId: ({ data }) => data.uid,
        columnDefs: ['uid', 'name', 'scope', 'joinedAt'].map((field) => ({ field, flex: 1 })),
        rowSelection: { mode: 'multiRow' },
        onModelUpdated: say,
        onSelectionChanged: say,
      });
      await new Promise((resolve) => setTimeout(resolve, 500));
      box.querySelector('.search').addEventListener('input', ({ target }) => api.setGridOption('quickFilterText', target.value));
      box.querySelector('.sort').addEventListener('click', () => api.applyColumnState({ state: [{ colId: 'name', sort: 'desc' }] }));
      box.querySelector('.all').addEventListener('click', () => api.selectAll());
      return {
        n_rows: () => Number(output.textContent.split(' ')[0]),
        n_selected: () => Number(output.textContent.split(' ')[1]),
        first: () => box.querySelector('.ag-row[row-index="0"] [col-id="name"]')?.textContent.trim(),
        scroll: box.querySelector('.ag-grid-viewport'),
      };
    },
  };
  globalThis.start = async (name, n, found) => {
    const people = Array.from({ length: n }, (_, idx) => globalThis.member(idx));
    document.body.innerHTML = '<main></main>';
    globalThis.grid = await build[name](people, document.querySelector('main'), found);
  };
  globalThis.controls = { search: '.search', sort: '.sort', all: '.all' };
}

/** In the page of Muster: the same functions. */
function own() {
  const box = () => document.querySelector('.matrix-grid');
  const isInView = ({ top, bottom }, view) => bottom > view.top && top < view.bottom;
  const isDrawn = () => {
    const view = box()?.getBoundingClientRect();
    const blank = [...(box()?.querySelectorAll('.is-blank') ?? [])];
    return view && !box().hasAttribute('aria-busy') && !blank.some((row) => isInView(row.getBoundingClientRect(), view));
  };
  globalThis.grid = {
    n_rows: () => (isDrawn() ? Number(box()?.getAttribute('aria-rowcount')) - 1 : NaN),
    n_selected: () => Number(document.querySelector('.selection-bar b')?.textContent.replace(/\D/g, '') ?? 0),
    first: () => (isDrawn() ? box()?.querySelector('.vbody [aria-rowindex="2"] .person-name')?.textContent : undefined),
    get scroll() { return box(); },
  };
}

/** How many people each of the searches finds that are typed. */
function foundBy(people) {
  const count = (text) => people.filter(({ name, uid }) => `${name} ${uid}`.toLowerCase().includes(text)).length;
  return Object.fromEntries([...SEARCH].map((_, idx) => SEARCH.slice(0, idx + 1)).map((text) => [text, count(text)]));
}

/** What typing, sorting, selecting and scrolling take, in milliseconds. */
async function measure(page, controls, n_people, all) {
  const found = (text) => all[text];
  const timed = async (event, condition, arg, act) => {
    // Listens before anything is pressed.
    await page.evaluate((args) => { globalThis.pending = globalThis.timed(...args); }, [event, condition, arg]);
    await act();
    return page.evaluate(() => globalThis.pending);
  };
  const keys = [];
  await page.locator(controls.search).focus();
  for (let n = 1; n <= SEARCH.length; n += 1) {
    keys.push(await timed('input', 'rows', found(SEARCH.slice(0, n)), () => page.keyboard.press(SEARCH[n - 1])));
  }
  for (let n = SEARCH.length - 1; n >= 0; n -= 1) {
    keys.push(await timed('input', 'rows', n === 0 ? n_people : found(SEARCH.slice(0, n)), () => page.keyboard.press('Backspace')));
  }
  const first = await page.evaluate(() => globalThis.grid.first());
  const sort = await timed('click', 'firstOtherThan', first, () => page.locator(controls.sort).click());
  const select = await timed('click', 'selected', n_people, () => page.locator(controls.all).click());
  const { frames, long } = await page.evaluate(() => globalThis.scrolled(globalThis.grid.scroll, 120));
  const nodes = await page.evaluate(() => globalThis.grid.scroll.querySelectorAll('*').length);
  return { keys, sort, select, onTime: frames.filter((ms) => ms < 25).length / frames.length, long, nodes };
}

const slow = async (page) => (await page.context().newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER });

/** Opens a group, and returns how long reading it took and how busy the page was. */
async function openGroup(page, devtools, n) {
  await page.getByRole('link', { name: texts.shell.section_groups }).click();
  // Finding it takes the page time that is not spent on reading.
  const link = await page.getByRole('link', { name: `Crowd of ${n}`, exact: true }).elementHandle();
  const [before, start] = [await taskMs(devtools), Date.now()];
  await link.evaluate((link) => link.click());
  if (n >= ASKS_FROM) await page.getByRole('button', { name: texts.directory.load_all, exact: true }).click();
  // Looking in every frame would make the page draw frames that nobody else asked for.
  const isWhole = (n) => document.querySelector('.matrix-grid')?.getAttribute('aria-rowcount') === String(n + 1);
  await page.waitForFunction(isWhole, n, { polling: 100, timeout: 300_000 });
  return { read: Date.now() - start, busy: (await taskMs(devtools)) - before };
}

/** What the browser itself takes to read as many people: a page that fetches them and looks at nothing. */
async function readPlainly(page, devtools, n) {
  // Any page of this host may call the vendor.
  await page.goto(`${url}/config.json`);
  const before = await taskMs(devtools);
  const read = await page.evaluate(async ([list, n_pages, at_once]) => {
    const start = performance.now();
    let next = 1;
    const reader = async () => {
      while (next <= n_pages) {
        const address = `${list}?perPage=1000&page=${next}`;
        next += 1;
        await (await fetch(address, { headers: { apikey: 'any' } })).arrayBuffer();
      }
    };
    await Promise.all(Array.from({ length: at_once }, reader));
    return performance.now() - start;
  }, [`http://127.0.0.1:${PORT}/cometchat/v3/groups/crowd-${n}/members`, Math.ceil(n / 1_000), AT_ONCE]);
  return { read, busy: (await taskMs(devtools)) - before };
}

/** How long the page was busy since it was opened, in milliseconds. */
async function taskMs(devtools) {
  const { metrics } = await devtools.send('Performance.getMetrics');
  return metrics.find(({ name }) => name === 'TaskDuration').value * 1_000;
}

/** Waits until the page has fetched ahead what it may need. */
async function fetchedAll(page) {
  const count = () => page.evaluate(() => performance.getEntriesByType('resource').length);
  for (let before = -1, now = await count(); now !== before; before = now, now = await count()) {
    await new Promise((resolve) => setTimeout(resolve, 2_500));
  }
}

async function connect(page) {
  await page.goto(`${url}/connections/new`);
  await page.getByRole('radio', { name: 'CometChat' }).check();
  await page.getByRole('radio', { name: texts.connections.direct }).check();
  await page.getByLabel(texts.connections.name, { exact: true }).fill('Crowds');
  await page.getByLabel(texts.connections.base_url, { exact: true }).fill(`http://127.0.0.1:${PORT}/cometchat/v3`);
  await page.getByLabel(texts.connections.api_key, { exact: true }).fill('any');
  await page.getByRole('button', { name: texts.connections.add, exact: true }).click();
  await page.getByRole('heading', { level: 1, name: texts.members.title }).waitFor();
  await page.waitForLoadState('networkidle');
}

const RIVALS = [['nothing', 'no list', ''], ['tanstack', 'TanStack', '@tanstack/table-core'], ['aggrid', 'AG Grid', 'ag-grid-community']];
// TanStack Table asks for the environment of Node.
const PAGE = '<!doctype html><main></main><script>globalThis.process = { env: { NODE_ENV: "production" } }</script><script src="/ag-grid-community/dist/ag-grid-community.min.js"></script>';
const CONTROLS = { search: '.toolbar input[type="search"]', sort: '.matrix-grid .vhead .mx-person button', all: '.matrix-grid .vhead input' };

function line(name, all, bytes, n) {
  const of = (field) => median(all.map((one) => one[field]));
  const keys = all.flatMap(({ keys }) => keys).sort((a, b) => a - b);
  const p95 = keys[Math.min(keys.length - 1, Math.floor(keys.length * 0.95))];
  const cells = [
    `key ${median(keys).toFixed(0)} ms, p95 ${p95.toFixed(0)} ms`,
    `sort ${of('sort').toFixed(0)} ms`,
    `select all ${of('select').toFixed(0)} ms`,
    `${(of('onTime') * 100).toFixed(0)} % of frames on time, longest task ${of('long').toFixed(0)} ms`,
    `${of('nodes')} elements`,
    `${(bytes / 2 ** 20).toFixed(0)} MB, ${(bytes / n).toFixed(0)} bytes a person`,
  ];
  console.log(`  ${name.padEnd(9)} ${cells.join('; ')}`);
}

const browser = await launch();
const server = await vendor();
const [rival] = JSON.parse(process.env.MUSTER_RIVALS ?? '[]');
const host = rival && (await served(rival.folder, PAGE));
try {
  console.log(`${TURNS} turns each, processor / ${SLOWER}; medians`);
  for (const n of SIZES) {
    const found = foundBy(Array.from({ length: n }, (_, idx) => member(idx)));
    console.log(`${n.toLocaleString('en').padStart(9)} people`);
    const results = [];
    const [read, busy, bytes, plainly] = [[], [], [], []];
    for (let turn = 0; turn < TURNS; turn += 1) {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
      await page.addInitScript(lookEachFrame);
      await page.addInitScript(tools);
      await page.addInitScript(own);
      await connect(page);
      const pid = await processOf(browser, page);
      const devtools = await page.context().newCDPSession(page);
      // The time of the processor: other processes of a small machine hold tasks up.
      await devtools.send('Performance.enable', { timeDomain: 'threadTicks' });
      const { now } = await memory(pid);
      const opened = await openGroup(page, devtools, n);
      read.push(opened.read);
      busy.push(opened.busy);
      await devtools.send('HeapProfiler.collectGarbage');
      bytes.push((await memory(pid)).now - now);
      await fetchedAll(page);
      await slow(page);
      results.push(await measure(page, CONTROLS, n, found));
      await page.context().close();
      const plain = await (await browser.newContext()).newPage();
      const watched = await plain.context().newCDPSession(plain);
      await watched.send('Performance.enable', { timeDomain: 'threadTicks' });
      plainly.push(await readPlainly(plain, watched, n));
      await plain.context().close();
    }
    const share = (busy, read) => `read in ${median(read).toFixed(0)} ms, the page busy for ${((100 * median(busy)) / median(read)).toFixed(0)} % of it`;
    console.log(`  ${share(busy, read)} (not slowed down)`);
    console.log(`  by the browser itself: ${share(plainly.map(({ busy }) => busy), plainly.map(({ read }) => read))}`);
    line('Muster', results, median(bytes), n);
    for (const [name, shown, path] of RIVALS) {
      if (!rival || !(await isThere(join(rival.folder, 'node_modules', path)))) continue;
      const [all, bytes] = [[], []];
      for (let turn = 0; turn < TURNS; turn += 1) {
        const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
        // Some take minutes to sort a million people.
        page.setDefaultTimeout(0);
        await page.addInitScript(lookEachFrame);
        await page.addInitScript(tools);
        await page.goto(host.address);
        await page.evaluate(rivals);
        await page.evaluate(`const [GIVEN, FAMILY, SCOPES] = ${JSON.stringify([GIVEN, FAMILY, SCOPES])}; globalThis.member = ${member};`);
        const pid = await processOf(browser, page);
        const devtools = await page.context().newCDPSession(page);
        const { now } = await memory(pid);
        await page.evaluate((args) => globalThis.start(...args), [name, n, found]);
        await devtools.send('HeapProfiler.collectGarbage');
        bytes.push((await memory(pid)).now - now);
        await slow(page);
        all.push(await measure(page, await page.evaluate(() => globalThis.controls), n, found));
        await page.context().close();
      }
      line(shown, all, median(bytes), n);
    }
  }
} finally {
  server.close();
  host?.server.close();
  await browser.close();
}
