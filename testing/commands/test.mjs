/**
 * `npm test`: builds what is missing, runs unit and contract tests, then the core browser tests, and prints each failed
 * test, the duration of each part, and the line `N passed, N failed` for both. The rest runs by name:
 * - `npm test -- more`: the other browser tests
 * - `npm test -- screens`: all browser tests, with the checks of screens (`SCREENS` in `e2e/support/check-screen.ts`) and
 * screenshots
 * - `npm test -- processes`: tests that kill, freeze, jail and upgrade processes
 * Any other name is that of a Vitest project. `npm run check` runs the tests that read the code (`static`).
 */
import { build, isBuilt } from '../../lib/launch/build.mjs';
import { createTestRuns, printOutcome } from './count-tests.mjs';
import { findBrowser } from './find-browser.mjs';

/** Vitest runs a project that any of its options matches, so two exclusions would exclude nothing. */
const QUICK = ['database', 'sandbox', 'dom', 'pure'];
const projectOption = (name) => `--project=${name}`;

/** @type {string[]} */
const times = [];

async function timed(name, work) {
  const begun = performance.now();
  await work();
  times.push(`${name} ${((performance.now() - begun) / 60_000).toFixed(1)} min`);
}

const named = process.argv.slice(2);
if (named.includes('screens')) process.env.SCREENS = 'pictures';
let outcome = { passed: 0, failures: [], slow: [] };
try {
  if (!isBuilt()) {
    console.log('Building …');
    await timed('build', () => build());
  }
  const browser = findBrowser();
  console.log(`Browser: ${browser}`);
  const tests = createTestRuns(process.execPath, browser);
  try {
    // Sequential: both are CPU-bound, so in parallel they took no less time on two cores.
    for (const name of named) {
      if (name === 'screens') await timed(name, () => tests.browser('--project=core', '--project=more'));
      else if (name === 'more') await timed(name, () => tests.browser('--project=more'));
      else await timed(name, () => tests.unit(projectOption(name)));
      if (name === 'processes') await timed('upgrade', () => tests.browser('--project=processes'));
    }
    if (named.length === 0) {
      await timed('unit', () => tests.unit(...QUICK.map(projectOption)));
      await timed('browser', () => tests.browser('--project=core'));
    }
    await tests.tryAgain();
  } finally {
    tests.remove();
  }
  outcome = tests.outcome;
} catch (error) {
  outcome.failures.push({ name: 'the test command', text: error.message });
}
console.log(`\nTook: ${times.join(', ')}`);
printOutcome(outcome);
process.exit(outcome.failures.length === 0 ? 0 : 1);
