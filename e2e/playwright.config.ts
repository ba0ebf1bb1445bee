// Run by `cargo xtask test`, which serves the site and says where in MUSTER_URL, SANDBOX_URL, SPARE_URL and VARIANT_URLS.
import { defineConfig } from '@playwright/test';

const isRoot = process.getuid?.() === 0;

export default defineConfig({
  testDir: '.',
  testMatch: '**/*.spec.{ts,mjs,js}',
  outputDir: 'test-results',
  fullyParallel: true,
  forbidOnly: true,
  retries: 0,
  // One more than a small machine has cores: a test waits for the browser part of its time.
  workers: 3,
  // Every wait is for a state. The limits are for what never comes, so a busy machine must not reach them.
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
    screenshot: 'only-on-failure',
    // Pictures of every moment would cost each test a fifth of its time; the page's own states are kept.
    trace: { mode: 'retain-on-failure', screenshots: false },
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
      // Chromium's sandbox does not start for root, as in a container.
      args: isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
    },
  },
});
