/**
 * `npm test`: builds what is missing, runs unit and contract tests, then the browser tests, and ends with the line
 * `N passed, N failed` over both. A run that tested nothing, or broke before its report, counts as a failure.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build, isBuilt, root } from './build.mjs';
import { findBrowser } from './find-browser.mjs';

const reports = mkdtempSync(join(tmpdir(), 'spillway-test-'));
const unitReport = join(reports, 'unit.json');
const browserReport = join(reports, 'browser.json');
let passed = 0;
let failed = 0;

function count(name, code, read) {
  let counts = { passed: 0, failed: 0 };
  try {
    counts = read();
  } catch (error) {
    console.error(`The ${name} tests left no report: ${error.message}`);
  }
  passed += counts.passed;
  failed += counts.failed;
  if (counts.failed === 0 && (code !== 0 || counts.passed === 0)) failed += 1;
}

function run(program, args, env = {}) {
  const child = spawn(process.execPath, [join(root, 'node_modules', program), ...args], {
    cwd: root,
    env: { ...process.env, ...env },
    stdio: 'inherit',
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code, signal) => resolve(signal ?? code));
  });
}

try {
  if (!isBuilt()) {
    console.log('Building …');
    await build();
  }
  const browser = findBrowser();
  console.log(`Browser: ${browser}`);

  const unit = ['run', '--reporter=default', '--reporter=json', `--outputFile.json=${unitReport}`];
  count('unit', await run('vitest/vitest.mjs', unit), () => {
    const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(unitReport, 'utf8'));
    return { passed: numPassedTests, failed: numFailedTests };
  });
  const journeys = ['test', '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
  const env = { CHROME_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: browserReport };
  count('browser', await run('playwright/cli.js', journeys, env), () => {
    const { stats } = JSON.parse(readFileSync(browserReport, 'utf8'));
    return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
  });
} catch (error) {
  console.error(error.message);
  failed += 1;
} finally {
  rmSync(reports, { recursive: true, force: true });
}
console.log(`${passed} passed, ${failed} failed`);
process.exit(failed === 0 ? 0 : 1);
