// The tests' own `test`: a page on which any complaint of the browser is a failure.
import { randomUUID } from 'node:crypto';
import { test as base, expect, type ConsoleMessage, type Page } from '@playwright/test';

/** What the browser logs by itself when a call fails that a test made fail. */
export class Quiet {
  readonly complaints: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Lets the browser log that calls were answered with these statuses. */
  statuses(...statuses: number[]) {
    for (const status of statuses) this.#allowed.push(new RegExp(`^Failed to load resource: .*status of ${status}\\b`));
  }

  /** Lets the browser log that connections ended without an answer. */
  lost() {
    this.#allowed.push(/^Failed to load resource: net::ERR_(EMPTY_RESPONSE|CONNECTION_\w+|INTERNET_DISCONNECTED|FAILED|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)/);
  }

  /** Lets the browser report that the page's policy kept something of these addresses from being loaded. */
  blocked(address: RegExp) {
    this.#allowed.push(new RegExp(`^violation: script-src(-elem)? ${address.source}\\S* \\S* enforce$`));
    this.#allowed.push(new RegExp(`^(Loading|Refused to load) the script '${address.source}[^']*'.* violates the following Content Security Policy directive`));
  }

  /** Lets the browser log one thing that this test is about. */
  about(pattern: RegExp) {
    this.#allowed.push(pattern);
  }

  hear(complaint: string) {
    if (!this.#allowed.some(allowed => allowed.test(complaint))) this.complaints.push(complaint);
  }
}

type Fixtures = {
  /** Fails the test for what it does not allow. */
  quiet: Quiet;
  /** A key of this test's own, so that it has the vendors' limits for itself. */
  key: string;
  /** Letters that no other test uses, for ids. */
  mark: string;
};

export const test = base.extend<Fixtures>({
  quiet: [
    async ({ context }, use) => {
      const quiet = new Quiet();
      const onConsole = (message: ConsoleMessage) => {
        if (message.type() === 'error') quiet.hear(`${message.text()} ${message.location().url}`.trim());
      };
      context.on('console', onConsole);
      // A violation of the policy counts even where nothing is written about it.
      await context.exposeBinding('musterViolation', (_, violation: string) => quiet.hear(violation));
      await context.addInitScript(() => {
        addEventListener('securitypolicyviolation', ({ effectiveDirective, blockedURI, sourceFile, lineNumber, disposition }) => {
          const violation = `violation: ${effectiveDirective} ${blockedURI} ${sourceFile}:${lineNumber} ${disposition}`;
          (globalThis as unknown as { musterViolation: (text: string) => void }).musterViolation(violation);
        });
      });
      context.on('weberror', error => quiet.hear(`uncaught: ${error.error().message}`));
      await use(quiet);
      expect(quiet.complaints, 'what the browser complained about').toEqual([]);
    },
    { auto: true },
  ],
  key: async ({ mark }, use) => use(`key-${mark}`),
  mark: async ({}, use) => use(`t${randomUUID().slice(0, 8)}`),
});

export { expect };
export type { Page };
