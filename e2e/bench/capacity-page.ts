import { parseArgs } from 'node:util';
import { chromium, type Page } from 'playwright';
import { invariant } from '@/lib/invariant';
import { eventFunction } from '@/testing/capacity/sale-scenario';
import { startBenchDatabase } from './engine/bench-database';
import { type Figure, figure, percentile, report } from './support/figures';
import { startSpillway } from './support/start-spillway';

/**
 * `npm run bench:capacity-page`: moves a slider of the Capacity page in a browser, and measures the time until the frame with
 * the new figures, and until the charts have followed. Times depend on the machine.
 */
const { values: flags } = parseArgs({
  options: { json: { type: 'string' }, rounds: { type: 'string', default: '20' } },
});
const dayS = 86_400;

type Moved = { readonly figuresMs: number; readonly chartsMs: number };

/**
 * Runs in the page: sets the slider of the peak, and returns the times from the input to the frames after the figures and
 * after the last change of the page.
 */
function moveSlider(value: string): Promise<Moved> {
  const slider = document.querySelector<HTMLInputElement>('input[aria-label="Peak, slider"]');
  const figures = document.querySelector('section[aria-label="Prediction"]');
  const main = document.querySelector('main');
  if (slider === null || figures === null || main === null)
    throw new Error('the page has a slider and figures');
  /** Calls back after the frame that is being prepared has been drawn. */
  const afterFrame = (done: () => void) =>
    requestAnimationFrame(() => {
      const { port1, port2 } = new MessageChannel();
      port1.onmessage = done;
      port2.postMessage(null);
    });
  return new Promise((resolve) => {
    const start = performance.now();
    let figuresMs = Number.NaN;
    let lastMs = 0;
    const first = new MutationObserver(() => {
      first.disconnect();
      afterFrame(() => {
        figuresMs = performance.now() - start;
      });
    });
    first.observe(figures, { subtree: true, characterData: true, childList: true });
    const any = new MutationObserver(() => {
      lastMs = performance.now() - start;
    });
    any.observe(main, { subtree: true, characterData: true, childList: true, attributes: true });
    const settle = () => {
      if (!Number.isNaN(figuresMs) && performance.now() - start - lastMs > 400) {
        any.disconnect();
        resolve({ figuresMs, chartsMs: lastMs });
      } else setTimeout(settle, 50);
    };
    // React follows only the setter of the element's class.
    Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(slider, value);
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    settle();
  });
}

async function measure(page: Page, name: string, changes: object, mostMs = 50): Promise<readonly Figure[]> {
  // A link has the differences from the page's default, a sale of 2.5 hours.
  const link = Buffer.from(JSON.stringify(changes)).toString('base64url');
  await page.goto(`${base}/capacity?s=${link}`);
  await page.getByRole('region', { name: 'Prediction' }).waitFor();
  await page.getByRole('img', { name: /^Requests per second/ }).waitFor();
  const moved: Moved[] = [];
  const rounds = Number(flags.rounds);
  for (let round = 0; round < rounds + 3; round += 1) {
    const found = await page.evaluate(moveSlider, String(4000 + round * 100));
    // The first ones compile.
    if (round >= 3) moved.push(found);
  }
  const figuresMs = moved.map((each) => each.figuresMs);
  return [
    figure(`${name}: new figures, median`, percentile(figuresMs, 0.5), 'ms', { most: mostMs }),
    figure(`${name}: new figures, 95 %`, percentile(figuresMs, 0.95), 'ms', null),
    figure(
      `${name}: charts and tables too, median`,
      percentile(
        moved.map((each) => each.chartsMs),
        0.5,
      ),
      'ms',
      null,
    ),
  ];
}

const database = await startBenchDatabase();
const spillway = await startSpillway(database.url);
const base = `http://127.0.0.1:${spillway.port}`;
const browser = await chromium.launch({
  // The program that starts this has found a browser.
  ...(process.env.CHROME_PATH ? { executablePath: process.env.CHROME_PATH } : {}),
  args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
});
try {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  const cookies = spillway.cookies.map((cookie) => cookie.split(/=(.*)/s));
  await context.addCookies(cookies.map(([name = '', value = '']) => ({ name, value, url: base })));
  const page = await context.newPage();
  const functions = ['a', 'b', 'c', 'd'].map((name) => eventFunction({ name }));
  const figures = [
    ...(await measure(page, 'a sale of 2.5 hours', {})),
    ...(await measure(page, 'a day of 10-second steps', { durationS: dayS })),
    ...(await measure(page, 'a day on four functions', { durationS: dayS, functions: [functions] }, 80)),
  ];
  invariant(figures.length > 0, 'something was measured');
  report('The Capacity page after a move of a slider', figures, flags.json);
} finally {
  await browser.close();
  await spillway.stop();
  await database.stop();
}
