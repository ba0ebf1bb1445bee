// Runs axe-core. The page's policy forbids injecting a <script>, so the source is evaluated instead.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from '@playwright/test';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/** All rules, only those that a change of colours can break, or all others: those about colours take the most time. */
export type Rules = 'all' | 'colours' | 'without colours';

/** axe's violations on the current page: rule and elements, one line each. */
export async function violations(page: Page, rules: Rules = 'all'): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in globalThis))) await page.evaluate(source);
  return page.evaluate(async rules => {
    // Colours in the middle of a theme transition do not count.
    const ending = document.getAnimations().filter(one => one.effect?.getComputedTiming().endTime !== Infinity);
    await Promise.allSettled(ending.map(one => one.finished));
    type Found = { violations: { id: string; help: string; nodes: { target: unknown[]; failureSummary?: string; html: string }[] }[] };
    const axe = (globalThis as unknown as { axe: { run(options: object): Promise<Found> } }).axe;
    const colours = ['color-contrast', 'link-in-text-block'];
    const chosen = {
      'all': {},
      'colours': { runOnly: { type: 'rule', values: colours } },
      'without colours': { rules: Object.fromEntries(colours.map(name => [name, { enabled: false }])) },
    };
    const { violations } = await axe.run({ resultTypes: ['violations'], ...chosen[rules] });
    return violations.map(({ id, help, nodes }) =>
      `${id} (${help}): ${nodes.slice(0, 4).map(node => `${node.target.join(' ')} ${node.html.slice(0, 120)} ${(node.failureSummary ?? '').split('\n').slice(1, 2).join('').trim().slice(0, 160)}`).join(' | ')}`);
  }, rules);
}
