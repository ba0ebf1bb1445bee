// Measures how fast files of people are read: from choosing a file to the counts on the screen, up to a million rows.
// Prints medians of three turns, the longest task of the page, and how much memory the tab needed at most.
//
// MUSTER_RIVALS may name a folder with `node_modules` of PapaParse, uDSV and DuckDB-Wasm. They read the same files in
// the same browser, turn by turn, with the same checks: an address that can be one, and no address twice.
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isThere, launch, median, memory, processOf, served, texts, url, withSamples } from './browser.mjs';

const SIZES = [1_000, 10_000, 100_000, 1_000_000];
const TURNS = Number(process.env.MUSTER_TURNS ?? 3);
const CONNECTION = 'founders-guild';

/** A file of made-up people, as a tool for events exports it. */
async function people(path, n) {
  const out = createWriteStream(path);
  out.write('email,first name,last name,company,city\r\n');
  for (let idx = 0; idx < n; idx += 1) {
    // One in a thousand is there twice, and one in two thousand has no valid address.
    const own = idx % 1_000 === 999 ? idx - 1 : idx;
    const at = idx % 2_000 === 7 ? ' at ' : '@';
    const line = `person.${own}.${(own * 7_919) % 1_000_003}${at}members${own % 97}.example,Given${idx % 5_003},"Family, ${idx % 7_001}",Company of number ${idx % 211},City ${idx % 89}\r\n`;
    if (!out.write(line)) await once(out, 'drain');
  }
  out.end();
  await once(out, 'finish');
  return (await stat(path)).size;
}

/** In the page: notes when the first rows and the counts are there, and the longest task. */
function watch(expected) {
  const seen = { rows: 0, done: 0, long: 0 };
  globalThis.seen = seen;
  globalThis.tasks?.disconnect();
  globalThis.tasks = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) seen.long = Math.max(seen.long, duration);
  });
  tasks.observe({ type: 'longtask' });
  const field = document.querySelector('input[type="file"]');
  let start = 0;
  field.addEventListener('change', () => { start = performance.now(); }, { capture: true, once: true });
  const look = () => {
    if (start > 0) {
      const now = performance.now() - start;
      if (seen.rows === 0 && document.querySelector('.import-people tbody tr')) seen.rows = now;
      if (document.querySelector('#step-3')?.parentElement.textContent.includes(expected)) {
        seen.done = now;
        return;
      }
    }
    setTimeout(look, 4);
  };
  look();
}

async function muster(page, pid, file, n) {
  const usable = n - Math.floor(n / 1_000) - Math.ceil((n - 7) / 2_000);
  const other = page.getByRole('button', { name: texts.import.other_file });
  const field = page.locator('input[type="file"]');
  await other.or(field).waitFor();
  if (await other.isVisible()) await other.click();
  await field.waitFor();
  await page.evaluate(watch, texts.import.n_people.other.replace('{count}', usable.toLocaleString('en')));
  const { now } = await memory(pid);
  await field.setInputFiles(file);
  await page.waitForFunction(() => globalThis.seen.done > 0, null, { timeout: 120_000 });
  const { most } = await memory(pid);
  const seen = await page.evaluate(() => globalThis.seen);
  return { ms: seen.done, first: seen.rows, long: seen.long, bytes: most - now };
}

const PAGE = `<!doctype html><input type="file">
<script type="importmap">{ "imports": {
  "apache-arrow": "/apache-arrow/Arrow.dom.mjs", "tslib": "/tslib/tslib.es6.mjs", "flatbuffers": "/flatbuffers/mjs/flatbuffers.js"
} }</script>
<script src="/papaparse/papaparse.min.js"></script><script src="/udsv/dist/uDSV.iife.min.js"></script>`;

/** In the page: the libraries, each of which counts the people of the chosen file. */
function rivals() {
  const MAIL = /^[^\s@]+@[^\s@]+\.[^\s@]+$/;
  const counter = () => {
    const seen = new Set();
    const counts = { ok: 0, twice: 0 };
    const take = (row) => {
      const key = row[0].toLowerCase();
      if (!MAIL.test(key)) return;
      if (seen.has(key)) counts.twice += 1;
      else { seen.add(key); counts.ok += 1; }
    };
    return { counts, take };
  };
  const chosen = () => document.querySelector('input').files[0];
  globalThis.libraries = {
    papaparse: (file) => new Promise((resolve) => {
      const { counts, take } = counter();
      let isHeader = true;
      Papa.parse(file, {
        skipEmptyLines: true,
        chunk: ({ data }) => {
          for (const row of data) {
            if (isHeader) isHeader = false;
            else take(row);
          }
        },
        complete: () => resolve(counts),
      });
    }),
    udsv: async (file) => {
      const { counts, take } = counter();
      const text = await file.text();
      const parser = uDSV.initParser(uDSV.inferSchema(text));
      for (const row of parser.stringArrs(text)) take(row);
      return counts;
    },
    duckdb: async (file) => {
      await globalThis.database.registerFileHandle('people.csv', file, 2, true);
      const connection = await globalThis.database.connect();
      const table = await connection.query(`
        WITH people AS (SELECT lower(email) AS key FROM read_csv('people.csv') WHERE regexp_full_match(lower(email), '[^\\s@]+@[^\\s@]+\\.[^\\s@]+'))
        SELECT count(DISTINCT key)::INT AS ok, (count(*) - count(DISTINCT key))::INT AS twice FROM people`);
      const { ok, twice } = table.toArray()[0].toJSON();
      await connection.close();
      await globalThis.database.dropFile('people.csv');
      return { ok, twice };
    },
  };
  globalThis.measure = async (name) => {
    const start = performance.now();
    const counts = await globalThis.libraries[name](chosen());
    return { ms: performance.now() - start, ...counts };
  };
  globalThis.startDuckdb = async () => {
    const duckdb = await import('/@duckdb/duckdb-wasm/dist/duckdb-browser.mjs');
    const worker = new Worker('/@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js');
    globalThis.database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
    await globalThis.database.instantiate(new URL('/@duckdb/duckdb-wasm/dist/duckdb-eh.wasm', location.href).href);
  };
  globalThis.sniff = async () => {
    await globalThis.database.registerFileHandle('people.csv', chosen(), 2, true);
    const connection = await globalThis.database.connect();
    const start = performance.now();
    const table = await connection.query("SELECT Delimiter AS delimiter, HasHeader AS has_header, Columns::VARCHAR AS columns FROM sniff_csv('people.csv')");
    const ms = performance.now() - start;
    const found = table.toArray()[0].toJSON();
    await connection.close();
    await globalThis.database.dropFile('people.csv');
    return { ms, ...found };
  };
}

const NAMES = [['papaparse', 'PapaParse'], ['udsv', 'uDSV'], ['duckdb', 'DuckDB-Wasm']];
const browser = await launch();
const folder = await mkdtemp(join(tmpdir(), 'muster-import-'));
try {
  const device = await withSamples(await browser.newContext());
  const page = await (await browser.newContext({ storageState: device })).newPage();
  await page.goto(`${url}/import?connection=${CONNECTION}`);
  await page.locator('input[type="file"]').waitFor();
  const pid = await processOf(browser, page);

  const [rival] = JSON.parse(process.env.MUSTER_RIVALS ?? '[]');
  const libraries = [];
  const host = rival && (await served(rival.folder, PAGE));
  const beside = rival && (await (await browser.newContext()).newPage());
  if (rival) {
    await beside.goto(host.address);
    await beside.evaluate(rivals);
    for (const [name, shown] of NAMES) {
      const path = name === 'duckdb' ? '@duckdb/duckdb-wasm' : name;
      if (await isThere(join(rival.folder, 'node_modules', path))) libraries.push([name, shown]);
    }
    if (libraries.some(([name]) => name === 'duckdb')) await beside.evaluate(() => globalThis.startDuckdb());
  }

  console.log(`${TURNS} turns each; medians`);
  for (const n of SIZES) {
    const path = join(folder, `${n}.csv`);
    const size = await people(path, n);
    const own = [];
    const others = new Map(libraries.map(([name]) => [name, []]));
    for (let turn = 0; turn < TURNS; turn += 1) {
      own.push(await muster(page, pid, path, n));
      for (const [name] of libraries) {
        await beside.locator('input').setInputFiles(path);
        others.get(name).push(await beside.evaluate((name) => globalThis.measure(name), name));
      }
    }
    const of = (all, field) => median(all.map((one) => one[field]));
    const ms = of(own, 'ms');
    console.log(`${n.toLocaleString('en').padStart(9)} rows, ${(size / 1e6).toFixed(1)} MB`);
    console.log(`  Muster       ${ms.toFixed(0).padStart(6)} ms  first rows ${of(own, 'first').toFixed(0)} ms, longest task ${Math.max(...own.map(({ long }) => long)).toFixed(0)} ms, memory ${(of(own, 'bytes') / size).toFixed(1)} x file`);
    for (const [name, shown] of libraries) {
      const all = others.get(name);
      const { ok, twice } = all[0];
      console.log(`  ${shown.padEnd(12)} ${of(all, 'ms').toFixed(0).padStart(6)} ms  ${(of(all, 'ms') / ms).toFixed(1)} x Muster; ${ok.toLocaleString('en')} people, ${twice.toLocaleString('en')} twice`);
    }
  }
  if (libraries.some(([name]) => name === 'duckdb')) {
    const { ms, ...found } = await beside.evaluate(() => globalThis.sniff());
    console.log(`DuckDB-Wasm's sniffer: ${ms.toFixed(0)} ms, ${JSON.stringify(found)}`);
  }
  host?.server.close();
} finally {
  await browser.close();
  await rm(folder, { recursive: true });
}
