// What all benchmarks share: a browser, and a device with the sample connections.
import { readFileSync } from 'node:fs';
import { chromium } from '@playwright/test';

/** The console's texts. */
export const texts = JSON.parse(readFileSync(new URL('../../locales/en.json', import.meta.url), 'utf8'));
/** The button of a first visit that adds the samples. */
export const SAMPLES = texts.overview.look_try;

export const url = process.env.MUSTER_URL;
if (!url) throw new Error('MUSTER_URL says where the site is; `cargo xtask bench` sets it');

/** Starts Chromium. */
export function launch() {
  const isRoot = process.getuid?.() === 0;
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    args: isRoot ? ['--no-sandbox', '--disable-dev-shm-usage'] : [],
  });
}

/** What a device has stored that has the sample connections. */
export async function withSamples(context) {
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('button', { name: SAMPLES }).click();
  await page.getByRole('heading', { level: 1 }).first().waitFor();
  await page.waitForLoadState('networkidle');
  const state = await context.storageState({ indexedDB: true });
  await context.close();
  return state;
}

/** The median of numbers. */
export const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
