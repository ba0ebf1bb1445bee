// Validates the files for Cloudflare and Netlify with wrangler's schema and Netlify's own parsers:
// `node validate-hosts.mjs FOLDER`, with the folder that contains _headers and _redirects.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllHeaders } from '@netlify/headers-parser';
import { parseAllRedirects } from '@netlify/redirect-parser';
import { Ajv } from 'ajv';
import stripJsonComments from 'strip-json-comments';

// Cloudflare's limits: https://developers.cloudflare.com/workers/static-assets/headers/
const MAX_RULES = 100;
const MAX_LINE = 2000;

const folder = process.argv[2];
const deploy = new URL('../../deploy/', import.meta.url);
const failures = [];

const wrangler = JSON.parse(stripJsonComments(readFileSync(new URL('cloudflare/wrangler.jsonc', deploy), 'utf8')));
const schema = JSON.parse(readFileSync(new URL('wrangler.schema.json', import.meta.url), 'utf8'));
const isValid = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(schema);
if (!isValid(wrangler)) failures.push(`wrangler.jsonc: ${JSON.stringify(isValid.errors).slice(0, 2000)}`);
if (wrangler.assets?.not_found_handling !== 'none') failures.push('wrangler.jsonc: a missing file looks like a page');

const netlifyConfigPath = new URL('netlify/netlify.toml', deploy).pathname;
const headersFiles = [join(folder, '_headers')];
const headers = await parseAllHeaders({ headersFiles, netlifyConfigPath, minimal: false });
failures.push(...headers.errors.map(error => `headers for Netlify: ${error.message}`));
const all = headers.headers.find(rule => (rule.for ?? rule.path) === '/*')?.values ?? {};
for (const name of ['Content-Security-Policy', 'X-Content-Type-Options', 'Referrer-Policy', 'Cross-Origin-Opener-Policy', 'Permissions-Policy']) {
  if (!all[name]) failures.push(`_headers: ${name} is not for every file`);
}
// Values that are set twice for one file are joined, which makes them invalid.
if (all['Cache-Control']) failures.push('_headers: Cache-Control is said for all files and again for each');

const redirectsFiles = [join(folder, '_redirects')];
const redirects = await parseAllRedirects({ redirectsFiles, netlifyConfigPath, minimal: false });
failures.push(...redirects.errors.map(error => `redirects for Netlify: ${error.message}`));
const pages = redirects.redirects.filter(({ to, status, force }) => to === '/' && status === 200 && !force);
if (pages.length !== redirects.redirects.length) failures.push('_redirects: something else than pages is sent elsewhere');
for (const page of ['/settings', '/settings/*', '/c/*', '/connections/*']) {
  if (!pages.some(({ from }) => from === page)) failures.push(`_redirects: ${page} is not found`);
}

const lines = readFileSync(headersFiles[0], 'utf8').split('\n');
const rules = lines.filter(line => line.startsWith('/')).length;
if (rules > MAX_RULES) failures.push(`_headers: ${rules} rules, and Cloudflare takes ${MAX_RULES}`);
const longest = Math.max(...lines.map(line => line.length));
if (longest > MAX_LINE) failures.push(`_headers: a line of ${longest} characters, and Cloudflare takes ${MAX_LINE}`);

if (failures.length > 0) {
  console.error(failures.join('\n'));
  process.exit(1);
}
console.log(`hosts: ${rules} rules for headers, the longest line has ${longest} characters`);
