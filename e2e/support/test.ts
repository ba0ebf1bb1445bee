// The `test` of these tests: any error that the browser reports fails the test.
import { randomUUID } from 'node:crypto';
import { test as base, expect, type ConsoleMessage, type Page } from '@playwright/test';

/** Collects the browser's error messages, except those that a test expects. */
export class Quiet {
  readonly complaints: string[] = [];
  readonly #allowed: RegExp[] = [];

  /** Allows messages about responses with these statuses. */
  statuses(...statuses: number[]) {
    for (const status of statuses) this.#allowed.push(new RegExp(`^Failed to load resource: .*status of ${status}\\b`));
  }

  /** Allows messages about connections that ended without a response. */
  lost() {
    this.#allowed.push(/^Failed to load resource: net::ERR_(EMPTY_RESPONSE|CONNECTION_\w+|INTERNET_DISCONNECTED|FAILED|INCOMPLETE_CHUNKED_ENCODING|CONTENT_LENGTH_MISMATCH)/);
  }

  /** Allows reports that the page's policy blocked a script from these addresses. */
  blocked(address: RegExp) {
    this.#allowed.push(new RegExp(`^violation: script-src(-elem)? ${address.source}\\S* \\S* enforce$`));
    this.#allowed.push(new RegExp(`^(Loading|Refused to load) the script '${address.source}[^']*'.* violates the following Content Security Policy directive`));
  }

  /** Allows a message that this test is about. */
  about(pattern: RegExp) {
    this.#allowed.push(pattern);
  }

  hear(complaint: string) {
    if (!this.#allowed.some(allowed => allowed.test(complaint))) this.complaints.push(complaint);
  }
}

type Fixtures = {
  /** Fails the test for messages that it does not allow. */
  quiet: Quiet;
  /** A key that only this test uses, so that it has the vendors' rate limits to itself. */
  key: string;
  /** Letters that only this test uses, for ids. */
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
      // Policy violations count even if the browser logs no message.
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
