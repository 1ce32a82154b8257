import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { stripVTControlCharacters } from 'node:util';
import { root } from '../../lib/launch/build.mjs';

/** @typedef {{ passed: number, failures: { name: string, text: string }[], slow: string[] }} Outcome */

/** The maximum number of lines for all failures, so that the end of a long log names each of them. */
const FAILURE_LINES = 40;
/** The maximum number of lines of one failure: its name and the beginning of its error. */
const LINES_OF_FAILURE = 16;
/** The maximum number of failed files that are repeated: more did not fail only because of a busy machine. */
const FILES_TRIED_AGAIN = 8;

/**
 * Prints the tests that passed only when repeated alone, each failed test with the beginning of its error, then the
 * line `N passed, N failed`. `.ci/run` reads the last two.
 * @param {Outcome} outcome
 */
export function printOutcome({ passed, failures, slow }) {
  if (slow.length > 0) console.log(['\nPassed only when run again, alone:', ...slow].join('\n  '));
  if (failures.length > 0) {
    console.log('\nFailed tests:');
    const lines = Math.max(1, Math.min(LINES_OF_FAILURE, Math.floor(FAILURE_LINES / failures.length)));
    for (const { name, text } of failures) {
      const error = stripVTControlCharacters(text)
        .split('\n')
        .slice(0, lines - 1);
      console.log([`✗ ${name}`, ...error.map((line) => `    ${line}`)].join('\n'));
    }
  }
  console.log(`${passed} passed, ${failures.length} failed`);
}

/**
 * Runs tests and counts them. A run without tests, or one that crashed before its report, counts as a failure.
 * @param {string} node the Node.js that all tests run on: our processes start each other by `process.execPath`
 * @param {string} browser path of the browser
 */
export function createTestRuns(node, browser) {
  const reports = mkdtempSync(join(tmpdir(), 'spillway-test-'));
  /** @type {Outcome} */
  const outcome = { passed: 0, failures: [], slow: [] };

  /** @param {string} label prefix of each line of its output, because several run in parallel */
  function run(program, args, env, label) {
    const child = spawn(node, [join(root, 'node_modules', program), ...args], {
      cwd: root,
      env: {
        ...process.env,
        // For programs that are started by name.
        PATH: `${dirname(node)}${delimiter}${process.env.PATH}`,
        ...(process.stdout.hasColors?.() ? { FORCE_COLOR: '1' } : {}),
        ...env,
      },
      stdio: ['inherit', 'pipe', 'pipe'],
    });
    for (const stream of [child.stdout, child.stderr]) {
      createInterface({ input: stream }).on('line', (line) => console.log(`${label}${line}`));
    }
    return new Promise((resolve, reject) => {
      child.on('error', reject);
      child.on('close', (code, signal) => resolve(signal ?? code));
    });
  }

  function readOutcome(name, code, read) {
    try {
      const seen = read();
      if (seen.failures.length === 0 && (code !== 0 || seen.passed === 0)) {
        const text = `It passed ${seen.passed} tests and ended with ${code}.`;
        seen.failures.push({ name: `the run of the ${name} tests`, text });
      }
      return seen;
    } catch (error) {
      const text = `It left no report: ${error.message}`;
      return { passed: 0, failures: [{ name: `the run of the ${name} tests`, text }] };
    }
  }

  async function runUnit(given) {
    const report = join(reports, 'unit.json');
    const args = ['run', ...given, '--reporter=default', '--reporter=./testing/commands/vitest-outcome.mjs'];
    const code = await run('vitest/vitest.mjs', args, { SPILLWAY_TEST_OUTCOME: report }, '');
    return readOutcome('unit', code, () => JSON.parse(readFileSync(report, 'utf8')));
  }

  async function runBrowser(given) {
    const report = join(reports, 'browser.json');
    const args = ['test', ...given, '--config', 'e2e/playwright.config.ts', '--reporter=list,json'];
    const env = { CHROME_PATH: browser, PLAYWRIGHT_JSON_OUTPUT_FILE: report };
    const code = await run('playwright/cli.js', args, env, 'browser: ');
    return readOutcome('browser', code, () => readPlaywright(JSON.parse(readFileSync(report, 'utf8'))));
  }

  function count({ passed, failures }) {
    outcome.passed += passed;
    outcome.failures.push(...failures);
  }

  return {
    outcome,
    /** Runs unit and contract tests with these Vitest arguments, by default all. */
    async unit(...given) {
      count(await runUnit(given));
    },
    /** Runs the browser tests with these Playwright arguments (parts of paths, options), by default all. */
    async browser(...given) {
      count(await runBrowser(given));
    },
    /**
     * Repeats the files of failed tests, alone, because tests with real processes can time out on a busy machine. A
     * test that passes now counts as passed, and the outcome names it.
     */
    async tryAgain() {
      const files = [...new Set(outcome.failures.map(({ name }) => name.split(' > ')[0]))];
      if (files.length === 0 || files.length > FILES_TRIED_AGAIN) return;
      const isJourney = (file) => file.startsWith('e2e/');
      const again = [];
      const journeys = files.filter(isJourney);
      const units = files.filter((file) => !isJourney(file) && /\.test\.tsx?$/.test(file));
      if (units.length > 0) again.push(...(await runUnit(units)).failures);
      if (journeys.length > 0) again.push(...(await runBrowser(journeys)).failures);
      const tried = new Set([...units, ...journeys]);
      const [slow, failures] = [[], []];
      for (const failure of outcome.failures) {
        const [file] = failure.name.split(' > ');
        // A file that fails again keeps the failures of its first run.
        const failsAgain = again.some(({ name }) => name.startsWith(file) || !/^(e2e|.*\.test\.)/.test(name));
        (tried.has(file) && !failsAgain ? slow : failures).push(failure);
      }
      outcome.failures.splice(0, Number.POSITIVE_INFINITY, ...failures);
      outcome.slow.push(...slow.map(({ name }) => name));
      outcome.passed += slow.length;
    },
    remove: () => rmSync(reports, { recursive: true, force: true }),
  };
}

/** Returns the outcome in Playwright's JSON report. A flaky test counts as failed. */
function readPlaywright({ stats, suites, errors }) {
  const textOf = (each) => each.map(({ message, stack }) => stack ?? message).join('\n');
  const failures = errors.length > 0 ? [{ name: 'an error outside of journeys', text: textOf(errors) }] : [];
  const visit = (suite, path) => {
    for (const inner of suite.suites ?? []) visit(inner, `${path} > ${inner.title}`);
    for (const { title, tests } of suite.specs) {
      const failed = tests.filter(({ status }) => status !== 'expected');
      if (failed.length === 0) continue;
      const texts = failed.map(
        ({ status, results }) => textOf(results.flatMap((each) => each.errors)) || status,
      );
      failures.push({ name: `${path} > ${title}`, text: texts.join('\n') });
    }
  };
  for (const file of suites) visit(file, `e2e/journeys/${file.file}`);
  return { passed: stats.expected, failures };
}
