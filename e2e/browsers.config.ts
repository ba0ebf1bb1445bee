// Run by `cargo xtask test --only browsers`: smoke tests in Firefox and WebKit as packaged by Debian.
import { defineConfig } from '@playwright/test';
import type { Kind } from './browsers/test';

export default defineConfig<object, { kind: Kind }>({
  testDir: 'browsers',
  testMatch: '**/*.smoke.ts',
  outputDir: 'test-results/browsers',
  forbidOnly: true,
  retries: 0,
  workers: 2,
  // Each wait has its own limit with a useful message; this one only ends tests that hang.
  timeout: 600_000,
  reporter: [['list']],
  projects: [
    { name: 'firefox', use: { kind: 'firefox' } },
    { name: 'webkit', use: { kind: 'webkit' } },
  ],
});
