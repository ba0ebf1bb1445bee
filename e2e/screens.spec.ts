// Every screen: accessible in both themes, complete on a phone, and all text from the catalogue.
import { expect, test, type Page } from './support/test';
import { expectSound, wider } from './support/looks';
import { SCREENS, addSamples, open, show } from './support/screens';

for (const [area, screens] of Object.entries(SCREENS)) {
  test(`${area}: no violations in light and dark, nothing wider than a phone`, async ({ page }) => {
    test.slow();
    if (screens.some(screen => screen.hasSamples)) await addSamples(page);
    for (const screen of screens) {
      await test.step(screen.name, async () => {
        await open(page, screen);
        await expectSound(page, screen.name);
      });
    }
  });

  test(`${area}: every word comes from the catalogue, and twice as many fit a phone`, async ({ page }) => {
    test.slow();
    if (screens.some(screen => screen.hasSamples)) await addSamples(page);
    for (const [nth, screen] of screens.entries()) {
      await test.step(screen.name, async () => {
        await (nth === 0 ? open(page, screen, 'locale=en-XA') : show(page, screen));
        expect.soft(await untranslated(page), screen.name).toEqual([]);
        await page.setViewportSize({ width: 360, height: 740 });
        expect.soft(await wider(page), `${screen.name}: what is wider than a phone, with doubled texts`).toEqual([]);
        await page.setViewportSize({ width: 1280, height: 800 });
      });
    }
  });
}

test('a table shows twenty people at 900 pixels', async ({ page }) => {
  await addSamples(page);
  await page.setViewportSize({ width: 1280, height: 900 });
  for (const screen of SCREENS.CometChat.filter(({ name }) => ['cometchat-members', 'cometchat-scopes'].includes(name))) {
    await open(page, screen);
    const n = await page.locator('main .vbody .vrow').evaluateAll(rows => rows.filter(row => {
      const { top, bottom } = row.getBoundingClientRect();
      const edge = row.closest('.vgrid')?.getBoundingClientRect().bottom ?? innerHeight;
      return top >= 0 && bottom <= Math.min(edge, innerHeight) + 0.5;
    }).length);
    expect.soft(n, screen.name).toBeGreaterThanOrEqual(20);
  }
});

/** Text on the page that is neither bracketed by the pseudo-locale nor data. */
function untranslated(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const data = 'bdi, code, pre, .id, svg, script, style, noscript, template, option[translate=no]';
    const names = ['Genuin', 'Networked', 'CometChat', 'Superhero fans', 'Founders Guild', 'Loop Studio', 'Morning takes', 'no-such-group'];
    // Names of languages, which come from the browser.
    const choices = ['English', 'English (Pseudo-Accents)', 'العربية', 'Deutsch', 'español', 'français', 'português (Brasil)'];
    // Dates and numbers are formatted by the browser in the chosen language.
    const isData = (words: string) => !/\p{L}/u.test(words) || names.includes(words) || words.includes('⟦')
      || !Number.isNaN(Date.parse(words)) || /^\d{1,2}:\d\d\s?[AP]M$/.test(words);
    const found = new Set<string>();
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      if (node instanceof Element) {
        if (node.closest('script, style, noscript, template')) continue;
        for (const name of ['aria-label', 'title', 'placeholder', 'alt']) {
          const value = node.getAttribute(name)?.trim();
          if (value && !isData(value)) found.add(`${name}: ${value}`);
        }
      } else {
        const words = node.textContent?.trim();
        const around = node.parentElement;
        if (!words || !around || around.closest(data) || isData(words)) continue;
        if (around.closest('option') && choices.includes(words)) continue;
        found.add(words);
      }
    }
    return [...found];
  });
}
