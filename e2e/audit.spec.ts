// Audits by third-party tools: Google's CSP Evaluator, and Lighthouse.
import { CspEvaluator } from 'csp_evaluator/dist/evaluator.js';
import { Severity } from 'csp_evaluator/dist/finding.js';
import { CspParser } from 'csp_evaluator/dist/parser.js';
import { expect, test } from './support/test';
import { withLighthouse } from './support/lighthouse';
import { addSamples } from './support/screens';

/** Accepted findings of the evaluator, with reasons. */
const ACCEPTED: [finding: RegExp, reason: string][] = [
  [
    /^MEDIUM_MAYBE script-src 'self'$/,
    'the site holds the files of its own build: nobody uploads anything, and no file answers with the words of a caller',
  ],
  [/^MEDIUM connect-src http:\/\/127\.0\.0\.1:\d+$/, 'the sandbox of these tests: a host can name http for its own machine only'],
];

/** All findings above the level of information, one line each. */
function findings(policy: string): string[] {
  const { csp } = new CspParser(policy);
  const found = new CspEvaluator(csp).evaluate().filter(({ severity }) => severity < Severity.INFO);
  return found.map(({ severity, directive, value }) => `${Severity[severity]} ${directive} ${value ?? ''}`.trim()).sort();
}

test('an evaluator of policies finds nothing in ours that has no reason', async ({ request }) => {
  // The page, a URL without a file, and every file that the page names: a worker uses the policy of its own
  // response.
  const page = await (await request.get('/')).text();
  const files = [...new Set(page.match(/assets\/[\w.-]+/g))];
  expect(files.some(name => name.includes('sandbox-worker')), 'the worker is named').toBe(true);
  for (const path of ['/', '/connections/new', '/config.json', ...files]) {
    const answer = await request.get(path);
    expect(answer.status(), path).toBe(200);
    const policy = answer.headers()['content-security-policy'] ?? '';
    expect(policy, path).toContain("default-src 'none'");
    expect(findings(policy).filter(one => !ACCEPTED.some(([finding]) => finding.test(one))), path).toEqual([]);
  }
});

test('the evaluator would find what makes a policy weak', async ({ request }) => {
  const ours = (await request.get('/')).headers()['content-security-policy'];
  const weakened: Record<string, string> = {
    "HIGH script-src 'unsafe-inline'": ours.replace("script-src 'self'", "script-src 'self' 'unsafe-inline'"),
    'HIGH script-src *': ours.replace("script-src 'self'", "script-src 'self' *"),
    'HIGH script-src https:': ours.replace("script-src 'self'", "script-src 'self' https:"),
    'HIGH script-src https://cdn.jsdelivr.net': ours.replace("script-src 'self'", "script-src 'self' https://cdn.jsdelivr.net"),
    "MEDIUM_MAYBE script-src 'unsafe-eval'": ours.replace("'wasm-unsafe-eval'", "'unsafe-eval'"),
    'HIGH object-src': ours.replace("default-src 'none'; ", ''),
  };
  for (const [finding, policy] of Object.entries(weakened)) {
    expect(policy).not.toBe(ours);
    expect(findings(policy)).toContain(finding);
  }
});

const PAGES = [
  { path: '/', hasSamples: false },
  { path: '/connections/new', hasSamples: false },
  { path: '/', hasSamples: true },
  { path: '/c/superhero-fans/members/add?group=book-circle', hasSamples: true },
  { path: '/connections/loop-studio', hasSamples: true },
];

for (const { path, hasSamples } of PAGES) {
  const when = hasSamples ? 'with connections' : 'at a first visit';
  test(`Lighthouse gives ${path} 100 for practices and accessibility ${when}`, async () => {
    await withLighthouse(async (page, audited) => {
      if (hasSamples) await addSamples(page);
      expect(await audited(path)).toEqual([]);
    });
  });
}
