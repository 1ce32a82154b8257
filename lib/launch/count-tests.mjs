import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { root } from './build.mjs';

/**
 * Runs tests and counts them. A run that tested nothing, or crashed before its report, counts as a failure.
 * @param {string} node the Node.js that all tests run on: our processes start each other by `process.execPath`
 * @param {string} browser path of the browser's program
 */
export function createTestRuns(node, browser) {
  const reports = mkdtempSync(join(tmpdir(), 'spillway-test-'));
  const counts = { passed: 0, failed: 0 };

  function run(program, args, env) {
    const child = spawn(node, [join(root, 'node_modules', program), ...args], {
      cwd: root,
      // For programs that are started by name.
      env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH}`, ...env },
      stdio: 'inherit',
    });
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(signal ?? code));
    });
  }

  function count(name, code, read) {
    let seen = { passed: 0, failed: 0 };
    try {
      seen = read();
    } catch (error) {
      console.error(`The ${name} tests left no report: ${error.message}`);
    }
    counts.passed += seen.passed;
    counts.failed += seen.failed;
    if (seen.failed === 0 && (code !== 0 || seen.passed === 0)) counts.failed += 1;
  }

  return {
    counts,
    /** Runs unit and contract tests: those whose path contains one of these, or all. */
    async unit(...paths) {
      const report = join(reports, 'unit.json');
      const args = ['run', ...paths, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
      count('unit', await run('vitest/vitest.mjs', args, {}), () => {
        const { numPassedTests, numFailedTests } = JSON.parse(readFileSync(report, 'utf8'));
        return { passed: numPassedTests, failed: numFailedTests };
      });
    },
    /** Runs browser tests, likewise. */
    async browser(...paths) {
      const report = join(reports, 'browser.json');
      const args = ['test', ...paths, '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
      const env = { CHROME_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
      count('browser', await run('playwright/cli.js', args, env), () => {
        const { stats } = JSON.parse(readFileSync(report, 'utf8'));
        return { passed: stats.expected, failed: stats.unexpected + stats.flaky + stats.skipped };
      });
    },
    remove: () => rmSync(reports, { recursive: true, force: true }),
  };
}
