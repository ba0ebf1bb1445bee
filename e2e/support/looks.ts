// Checks of the rendered page, in both themes, on a desktop and on a phone.
import { mkdirSync } from 'node:fs';
import { expect, type Page } from '@playwright/test';
import { violations, type Rules } from './axe';

const WIDE = { width: 1280, height: 800 };
const NARROW = { width: 360, height: 740 };
const ZOOMED = { width: 320, height: 256 };

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

/** The innermost elements that make the page wider than the window. */
export function wider(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const root = document.documentElement;
    if (root.scrollWidth <= innerWidth) return [];
    const isOut = (element: Element) => {
      const { left, right, width } = element.getBoundingClientRect();
      return width > 1 && (right > innerWidth + 0.5 || left < -0.5);
    };
    const out = [...document.querySelectorAll('body *')].filter(element => isOut(element) && ![...element.children].some(isOut));
    return [`the page is ${root.scrollWidth} wide`, ...out.map(element => `${element.outerHTML.slice(0, 120)} ${Math.round(element.getBoundingClientRect().right)}`)];
  });
}

/**
 * The part of the window, from 0 to 1, that is covered by what stays in place while the page scrolls, except what the
 * user has opened and can close.
 */
export function covered(page: Page): Promise<number> {
  return page.evaluate(() => {
    const heights = [...document.querySelectorAll('body *')].filter(element => {
      const { position } = getComputedStyle(element);
      return (position === 'sticky' || position === 'fixed') && element.checkVisibility() && !element.closest('[popover], dialog, .drawer, .grid-scroll, .vgrid');
    }).map(element => {
      const { top, bottom, width } = element.getBoundingClientRect();
      return width > innerWidth / 2 ? Math.max(0, Math.min(bottom, innerHeight) - Math.max(top, 0)) : 0;
    });
    return heights.reduce((sum, height) => sum + height, 0) / innerHeight;
  });
}

/** Expects no axe violations and no horizontal overflow, in all looks. */
export async function expectSound(page: Page, what: string) {
  for (const { name, colorScheme, size, rules } of LOOKS) {
    await page.setViewportSize(size);
    await page.emulateMedia({ colorScheme });
    expect.soft(await violations(page, rules), `${what}, ${name}`).toEqual([]);
    expect.soft(await wider(page), `${what}, ${name}: what is wider than the window`).toEqual([]);
    expect.soft(await unanchored(page), `${what}, ${name}: what scrolls must contain its hidden labels`).toEqual([]);
    if (SHOTS) {
      mkdirSync(SHOTS, { recursive: true });
      await page.screenshot({ path: `${SHOTS}/${what}-${name}.png` });
    }
  }
  // 1280 by 1024 pixels at 400 %.
  await page.setViewportSize(ZOOMED);
  expect.soft(await wider(page), `${what}, at 400 %: what is wider than the window`).toEqual([]);
  expect.soft(await covered(page), `${what}, at 400 %: covered while scrolling`).toBeLessThan(0.35);
  await page.setViewportSize(WIDE);
  await page.emulateMedia({ colorScheme: 'light' });
}
