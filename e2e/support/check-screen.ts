import { basename, join } from 'node:path';
import AxeBuilder from '@axe-core/playwright';
import { expect, type Page, test } from 'playwright/test';
import { root } from './app';

/** The rules that depend on the theme. They take two thirds of axe's time. */
const rulesOfTheme = ['color-contrast', 'link-in-text-block'];
const tags = ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'];

type Theme = 'light' | 'dark';

/** The sizes of screenshots, in CSS pixels. */
const windows = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 390, height: 844 },
];

/** `check` (`.ci/run`) checks each state of a page, `pictures` (`npm test -- screens`) also takes screenshots. */
const { SCREENS: screens = '' } = process.env;
if (!['', 'check', 'pictures'].includes(screens)) {
  throw new Error(`SCREENS is "${screens}". Use check or pictures, or leave it out.`);
}
export const checksScreens = screens === 'check' || screens === 'pictures';
let pictures = 0;

async function setTheme(page: Page, theme: Theme): Promise<void> {
  await page.evaluate((name) => {
    document.documentElement.dataset.theme = name;
  }, theme);
  // Colours during a transition between themes belong to neither theme.
  await page.evaluate(() => {
    const transitions = document.getAnimations().filter((each) => each instanceof CSSTransition);
    return Promise.allSettled(transitions.map(({ finished }) => finished)).then(() => undefined);
  });
}

/** Returns axe for the current document, which caches it, because loading takes a while. */
async function createAxe(page: Page): Promise<AxeBuilder> {
  const isLoaded = await page.evaluate(() => 'axe' in window);
  // No page has frames of another origin, so axe need not combine results in a separate page (legacy mode).
  return new AxeBuilder({ page, ...(isLoaded ? { axeSource: ';' } : {}) })
    .setLegacyMode()
    .options({ resultTypes: ['violations'] });
}

type Violation = Awaited<ReturnType<AxeBuilder['analyze']>>['violations'][number];

/**
 * Returns whether a target is too small when it is fully visible. axe measures only the part of a target that no bar
 * covers, which depends on the scroll position.
 */
async function isSmall(page: Page, selector: string): Promise<boolean> {
  await page.locator(selector).evaluate((target) => target.scrollIntoView({ block: 'center' }));
  const axe = (await createAxe(page)).withRules('target-size').include(selector);
  return (await axe.analyze()).violations.length > 0;
}

/** Returns whether the page has changed since it was measured, so that a target is no longer there. */
async function hasChanged(page: Page, { nodes }: Violation): Promise<boolean> {
  for (const { target } of nodes) if ((await page.locator(target.join(' ')).count()) === 0) return true;
  return false;
}

async function isReal(page: Page, { id, nodes }: Violation): Promise<boolean> {
  if (id !== 'target-size') return true;
  for (const { target } of nodes) if (await isSmall(page, target.join(' '))) return true;
  return false;
}

async function expectNoViolations(page: Page, theme: Theme): Promise<void> {
  const { pathname, search } = new URL(page.url());
  const axe = await createAxe(page);
  if (theme === 'dark') axe.withRules(rulesOfTheme);
  else axe.withTags(tags);
  const real: string[] = [];
  for (const violation of (await axe.analyze()).violations) {
    if (await hasChanged(page, violation)) return expectNoViolations(page, theme);
    if (await isReal(page, violation))
      real.push(`${pathname}${search} ${theme} ${violation.id} ${violation.nodes[0]?.html}`);
  }
  expect(real).toEqual([]);
}

/** Checks for overflow in every size, and for accessibility at 390 px; writes screenshots to `pictures` if asked to. */
async function checkSizes(page: Page): Promise<void> {
  pictures += 1;
  const { pathname, search } = new URL(page.url());
  const journey = basename(test.info().file, '.e2e.ts');
  // The path of a link has a whole token: file names end at 255 bytes.
  const path = `${pathname}${search}`.replaceAll(/[/?&=]/g, '-').slice(0, 80);
  const name = `${journey}-${String(pictures).padStart(2, '0')}${path}`;
  const before = page.viewportSize();
  for (const window of windows) {
    await page.setViewportSize(window);
    for (const theme of ['light', 'dark'] as const) {
      if (screens !== 'pictures' && window.width !== 390) continue;
      await setTheme(page, theme);
      const file = join(root, 'pictures', `${name}-${theme}-${window.width}.png`);
      if (screens === 'pictures') await page.screenshot({ path: file, animations: 'disabled' });
      if (window.width === 390) await expectNoViolations(page, theme);
    }
    // A dialog that scrolls sideways hides a part of it.
    const overflow = () =>
      page.evaluate(() =>
        [document.documentElement, ...document.querySelectorAll('[role=dialog], [role=alertdialog]')]
          .map(({ scrollWidth, clientWidth }) => scrollWidth - clientWidth)
          .reduce((most, each) => Math.max(most, each)),
      );
    await expect.poll(overflow, `${pathname} and its dialog fit ${window.width} px`).toBeLessThanOrEqual(0);
  }
  if (before !== null) await page.setViewportSize(before);
}

/**
 * Checks the current state of a page where `SCREENS` is set: accessibility in both themes and at 390 px, and overflow.
 * `npm test` alone leaves it out, because axe takes a sixth of the time of all journeys.
 */
export async function checkScreen(page: Page): Promise<void> {
  if (!checksScreens) return;
  // Next.js sends the title of a page after its content.
  await expect(page).toHaveTitle(/./);
  for (const theme of ['light', 'dark'] as const) {
    await setTheme(page, theme);
    await expectNoViolations(page, theme);
  }
  await checkSizes(page);
}

/** Counts the words that a person sees on a page without its navigation, at the current size and with nothing opened. */
export async function countWords(page: Page): Promise<number> {
  // biome-ignore lint/performance/useDomNodeTextContent: the content of the DOM has words that nobody sees.
  const text = await page.getByRole('main').innerText();
  return text.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
}
