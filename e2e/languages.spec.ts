// Every language: chosen by the browser or the person, complete, and at home on a phone, from either side.
import { expect, test } from './support/test';
import { violations } from './support/axe';
import { addSamples, open, SCREENS } from './support/screens';
import { locale, text } from './support/text';

const TAGS = ['ar', 'de', 'es', 'fr', 'pt-BR'];
/** The languages in which every screen is looked at: one from right to left, and the one with the longest words. */
const WHOLE = ['ar', 'de'];

for (const tag of TAGS) {
  const texts = locale(tag);

  test.describe(`a browser in ${tag}`, () => {
    test.use({ locale: tag });

    test('gets its language without asking, and keeps another that was chosen', async ({ page }) => {
      await page.goto('/settings');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(texts.settings.title);
      await expect(page.locator('html')).toHaveAttribute('lang', tag);
      await expect(page.locator('html')).toHaveAttribute('dir', tag === 'ar' ? 'rtl' : 'ltr');
      await page.getByLabel(texts.settings.language).selectOption('en');
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('settings.title'));
      await page.reload();
      await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('settings.title'));
      await expect(page.locator('html')).toHaveAttribute('dir', 'ltr');
    });
  });

  test(`${tag}: no violations, nothing wider than a phone`, async ({ page }) => {
    test.slow();
    await addSamples(page);
    const all = Object.values(SCREENS).flat().filter(screen => screen.hasSamples);
    const screens = WHOLE.includes(tag) ? all : all.filter(({ name }) => ['overview', 'settings', 'cometchat-add', 'cometchat-scopes', 'genuin-add'].includes(name));
    for (const screen of screens) {
      await test.step(screen.name, async () => {
        await page.setViewportSize({ width: 360, height: 740 });
        await open(page, screen, `locale=${tag}`);
        await expect(page.locator('html')).toHaveAttribute('lang', tag);
        const wider = await page.evaluate(() => document.documentElement.scrollWidth - innerWidth);
        expect.soft(wider, `${screen.name}: pixels wider than a phone`).toBeLessThanOrEqual(0);
        expect.soft(await violations(page, 'all'), screen.name).toEqual([]);
      });
    }
  });
}

test('a language that does not load leaves the console in English', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/language de not loaded/);
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('settings.title'));
  await context.setOffline(true);
  await page.getByLabel(text('settings.language')).selectOption('de');
  await expect.poll(() => page.evaluate(() => localStorage.getItem('muster.locale'))).toBe('de');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('settings.title'));
  await context.setOffline(false);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(locale('de').settings.title);
});
