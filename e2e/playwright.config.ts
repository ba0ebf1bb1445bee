// Run by `cargo xtask test`, which serves the site and sets MUSTER_URL, SANDBOX_URL, SPARE_URL and
// VARIANT_URLS.
import { defineConfig } from '@playwright/test';
import { headless } from './support/chromium.mjs';

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.{ts,mjs,js}',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // One more than a small machine has cores: tests spend part of their time waiting for the browser.
  workers: 3,
  // Every wait is for a state. The limits only end what would never finish, so a busy machine must not reach
  // them.
  timeout: 240_000,
  expect: { timeout: 40_000 },
  reporter: [['list']],
  use: {
    baseURL: process.env.MUSTER_URL,
    browserName: 'chromium',
    viewport: { width: 1280, height: 800 },
    locale: 'en-GB',
    timezoneId: 'UTC',
    reducedMotion: 'reduce',
    // Tests that swap or damage files do so for the page itself; app.spec.ts has the worker.
    serviceWorkers: 'block',
    screenshot: 'only-on-failure',
    // A trace makes all tests a tenth slower. To get one, run the failed test again with `--trace on`.
    trace: 'off',
    launchOptions: headless,
  },
});
