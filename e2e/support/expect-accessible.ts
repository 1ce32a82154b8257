import AxeBuilder from '@axe-core/playwright';
import { expect, type Page } from 'playwright/test';

/** Checks the current page with axe in both themes. */
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
    const axe = new AxeBuilder({ page }).withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa']);
    const { violations } = await axe.analyze();
    expect(
      violations.map(({ id, nodes }) => `${pathname}${search} ${theme} ${id} ${nodes[0]?.html}`),
    ).toEqual([]);
  }
}
