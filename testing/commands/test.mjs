/**
 * `npm test`: builds what is missing, runs unit and contract tests, then the browser tests, and ends with each failed
 * test and the line `N passed, N failed` over both.
 */
import { build, isBuilt } from '../../lib/launch/build.mjs';
import { createTestRuns, printOutcome } from './count-tests.mjs';
import { findBrowser } from './find-browser.mjs';

let outcome = { passed: 0, failures: [], slow: [] };
try {
  if (!isBuilt()) {
    console.log('Building …');
    await build();
  }
  const browser = findBrowser();
  console.log(`Browser: ${browser}`);
  const tests = createTestRuns(process.execPath, browser);
  try {
    // One after the other: beside each other they took no less time on two cores, and the kill table timed out.
    await tests.unit();
    await tests.browser();
    await tests.tryAgain();
  } finally {
    tests.remove();
  }
  outcome = tests.outcome;
} catch (error) {
  outcome.failures.push({ name: 'the test command', text: error.message });
}
printOutcome(outcome);
process.exit(outcome.failures.length === 0 ? 0 : 1);
