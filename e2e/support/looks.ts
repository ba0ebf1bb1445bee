// Checks of the rendered page, in both themes, on a desktop and on a phone.
import { mkdirSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { violations, type Rules } from './axe';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };

/**
 * Applied in turn without reloading the page. A theme only changes colours, so all rules run once per width.
 */
const LOOKS: { name: string; colorScheme: 'light' | 'dark'; size: typeof WIDE; rules: Rules }[] = [
  { name: 'light', colorScheme: 'light', size: WIDE, rules: 'all' },
  { name: 'dark', colorScheme: 'dark', size: WIDE, rules: 'colours' },
  { name: 'dark-narrow', colorScheme: 'dark', size: NARROW, rules: 'all' },
  { name: 'light-narrow', colorScheme: 'light', size: NARROW, rules: 'colours' },
];

/** The folder for screenshots, if any are wanted. */
const SHOTS = process.env.MUSTER_SHOTS;

/**
 * Elements that scroll without being positioned. Hidden labels at the end of their content are positioned against
 * the page then, and make it as tall as the content is.
 */
function unanchored(page: Page): Promise<string[]> {
  return page.evaluate(() => [...document.querySelectorAll('body *')]
    .filter(element => {
      const { overflowY, position } = getComputedStyle(element);
      return /auto|scroll/.test(overflowY) && position === 'static' && element.localName !== 'textarea';
    })
    .map(element => `${element.localName}.${element.className}`));
}

/** Expects no axe violations and no horizontal overflow, in all looks. */
export async function expectSound(page: Page, what: string) {
  for (const { name, colorScheme, size, rules } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    expect.soft(await violations(page, rules), `${what}, ${name}`).toEqual([]);
    const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect.soft(wider, `${what}, ${name}: pixels wider than the window`).toBeLessThanOrEqual(0);
    expect.soft(await unanchored(page), `${what}, ${name}: what scrolls must contain its hidden labels`).toEqual([]);
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: `${SHOTS}/${what}-${name}.png` });
    }
  }
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}
