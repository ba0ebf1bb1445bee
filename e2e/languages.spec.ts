// Every language: chosen by the browser or the person, complete, and at home on a phone, from either side.
import { expect, test } from './support/test';
import { violations } from './support/axe';
import { wider } from './support/looks';
import { saveData } from './support/network';
import { addSamples, open, SCREENS, show } from './support/screens';
import { locale, text } from './support/text';

const TAGS = ['ar', 'de', 'es', 'fr', 'pt-BR'];
for (const [nth, tag] of TAGS.entries()) {
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

  // Colours are the same in all languages: screens.spec.ts looks at them in both themes.
  const colorScheme = nth % 2 === 0 ? 'light' : 'dark';
  for (const [area, screens] of Object.entries(SCREENS)) {
    test(`${tag}, ${area}: no violations, nothing wider than a small phone`, async ({ page }) => {
      test.slow();
      await page.setViewportSize({ width: 320, height: 640 });
      await page.emulateMedia({ colorScheme });
      if (screens.some(screen => screen.hasSamples)) await addSamples(page);
      for (const [nth, screen] of screens.entries()) {
        await test.step(screen.name, async () => {
          await (nth === 0 ? open(page, screen, `locale=${tag}`) : show(page, screen));
          await expect(page.locator('html')).toHaveAttribute('lang', tag);
          expect.soft(await violations(page, 'without colours'), screen.name).toEqual([]);
          expect.soft(await wider(page), `${screen.name}: what is wider than a small phone`).toEqual([]);
        });
      }
    });
  }
}

test('a language that does not load leaves the console in English', async ({ page, context, quiet }) => {
  quiet.lost();
  quiet.about(/language de not loaded/);
  await saveData(page);
  await page.goto('/settings');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('settings.title'));
  await context.setOffline(true);
  const said = page.waitForEvent('console', message => /language de not loaded/.test(message.text()));
  await page.getByLabel(text('settings.language')).selectOption('de');
  await said;
  await expect.poll(() => page.evaluate(() => localStorage.getItem('muster.locale'))).toBe('de');
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(text('settings.title'));
  await context.setOffline(false);
  await page.reload();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText(locale('de').settings.title);
});
