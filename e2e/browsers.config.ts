// Run by `cargo xtask test --only browsers`: a few tests of everything, in Firefox and WebKit as Debian ships them.
import { defineConfig } from '@playwright/test';
import type { Kind } from './browsers/test';

export default defineConfig<object, { kind: Kind }>({
  testDir: 'browsers',
  testMatch: '**/*.smoke.ts',
  outputDir: 'test-results/browsers',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // Each wait has its own limit, which says what did not come; this one only ends what hangs.
  timeout: 600_000,
  reporter: [['list']],
  projects: [
    { name: 'firefox', use: { kind: 'firefox' } },
    { name: 'webkit', use: { kind: 'webkit' } },
  ],
});
