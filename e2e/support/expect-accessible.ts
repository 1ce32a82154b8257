import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

/** The rules that a theme can break; all others see the same page in both. */
const rulesOfTheme = ['color-contrast', 'link-in-text-block'];

/** Checks the current page with axe: all rules in the light theme, those of colours in the dark theme, too. */
export async function expectAccessible(page: Page): Promise<void> {
  const { pathname, search } = new URL(page.url());
  for (const theme of ['light', 'dark']) {
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
    }, theme);
    // Colours in transition from one theme to the other are not part of either theme.
    await page.evaluate(() => {
      const transitions = document.getAnimations().filter((each) => each instanceof CSSTransition);
      return Promise.allSettled(transitions.map(({ finished }) => finished)).then(() => undefined);
    });
    // No page has frames of another origin, so axe need not combine results in a page of its own (legacy mode).
    const axe = new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ['violations'] });
    if (theme === 'light') axe.withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
    else axe.withRules(rulesOfTheme);
    const { violations } = await axe.analyze();
    expect(
      violations.map(({ id, nodes }) => `${pathname}${search} ${theme} ${id} ${nodes[0]?.html}`),
    ).toEqual([]);
  }
}
