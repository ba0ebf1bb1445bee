// What is on the screen, in both themes, on a desk and on a phone.
import { mkdirSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { violations, type Rules } from './axe';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

/** The same page in turn, without loading it again. A theme changes colours only, so one at each width gets every rule. */
const LOOKS: { name: string; colorScheme: 'light' | 'dark'; size: typeof WIDE; rules: Rules }[] = [
  { name: 'light', colorScheme: 'light', size: WIDE, rules: 'all' },
  { name: 'dark', colorScheme: 'dark', size: WIDE, rules: 'colours' },
  { name: 'dark-narrow', colorScheme: 'dark', size: NARROW, rules: 'all' },
  { name: 'light-narrow', colorScheme: 'light', size: NARROW, rules: 'colours' },
];

/** Where pictures go, if anybody wants them. */
const SHOTS = process.env.MUSTER_SHOTS;

/** Expects axe to find nothing and nothing to be wider than its window, however the page is looked at. */
export async function expectSound(page: Page, what: string) {
  for (const { name, colorScheme, size, rules } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    expect.soft(await violations(page, rules), `${what}, ${name}`).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(wider, `${what}, ${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: `${SHOTS}/${what}-${name}.png` });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}
