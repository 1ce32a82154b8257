/**
 * `npm test`: builds what is missing, runs unit and contract tests, then the browser tests, and ends with the line
 * `N passed, N failed` over both.
 */
import { build, isBuilt } from './build.mjs';
import { createTestRuns } from './count-tests.mjs';
import { findBrowser } from './find-browser.mjs';

let counts = { passed: 0, failed: 1 };
try {
  if (!isBuilt()) {
    console.log('Building …');
    await build();
  }
  const browser = findBrowser();
  console.log(`Browser: ${browser}`);
  const tests = createTestRuns(process.execPath, browser);
  try {
    await tests.unit();
    await tests.browser();
  } finally {
    tests.remove();
  }
  counts = tests.counts;
} catch (error) {
  console.error(error.message);
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exit(counts.failed === 0 ? 0 : 1);
