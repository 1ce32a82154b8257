/**
 * `npm run test:nodes`: runs the tests that depend most on Node.js on its newest major versions, or on the given ones
 * (`npm run test:nodes -- 22`), and prints each failed test and the line `N passed, N failed` for all of them. The
 * binaries come from npm. All use the same build.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { build, isBuilt } from '../../lib/launch/build.mjs';
import { createTestRuns, printOutcome } from './count-tests.mjs';
import { findBrowser } from './find-browser.mjs';

/** The newest LTS and the newest current version: https://nodejs.org/en/about/previous-releases */
const MAJORS = ['24', '26'];

/**
 * Everything that runs in the test's own process, with the executor, the adapter and the sandbox. Of the versions above,
 * only the newest one runs it, `PROGRAMS` and all journeys: what passes there and on the Node of `npm test` passes on
 * those between, too, unless it depends on a program of that version, and `KINDS` start each program on it.
 */
const OWN_PROCESS = ['--project=pure', '--project=sandbox'];
/** Programs that are started, frozen and killed on that Node, functions in their jail, and runs with a database. */
const PROGRAMS = [
  ...['--project=processes', '--project=database'],
  ...['lib/rehearsal/', 'lib/run/', 'lib/sandbox/', 'testing/sandbox/'],
  ...['kill', 'launcher', 'postgres/embedded', 'processes/supervise', 'upgrade', 'workers'].map(
    (name) => `lib/launch/${name}`,
  ),
];
const JOURNEYS = ['--project=core'];
/** Of these, the life cycle of each kind of diversion, from the editor to the rollback: all that earlier versions run. */
const KINDS = ['access', 'split', 'switch-ramp'].map((name) => `journeys/${name}.e2e`);

/** Installs the newest release of a major version. @returns {string} path of its binary */
function install(major) {
  const folder = join(cacheFolder(), `node-${major}`);
  const name = `node-${process.platform}-${process.arch}`;
  const file = join(folder, 'node_modules', name, 'bin/node');
  mkdirSync(folder, { recursive: true });
  try {
    execFileSync('npm', ['install', '--prefix', folder, '--ignore-scripts', `${name}@${major}`], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  } catch (error) {
    if (!existsSync(file)) throw new Error(`Node ${major} can't be installed by npm: ${error.message}`);
    console.log(`npm is unreachable: the cached Node ${major} is used`);
  }
  return file;
}

/**
 * Returns a cache folder that other users can read, because functions run as other users, which can't access root's
 * home directory.
 */
function cacheFolder() {
  const own = process.getuid?.() === 0 ? '/var/cache' : join(homedir(), '.cache');
  return join(process.env.XDG_CACHE_HOME || own, 'spillway');
}

const named = process.argv.slice(2);
const lines = [];
const outcome = { passed: 0, failures: [], slow: [] };
try {
  if (!isBuilt()) {
    console.log('Building …');
    await build();
  }
  const browser = findBrowser();
  for (const major of named.length > 0 ? named : MAJORS) {
    const node = install(major);
    const version = execFileSync(node, ['--version'], { encoding: 'utf8' }).trim();
    console.log(`\nNode ${version}: ${node}`);
    const begun = performance.now();
    const tests = createTestRuns(node, browser);
    try {
      if (named.length > 0 || major === MAJORS.at(-1)) {
        await tests.unit(...OWN_PROCESS);
        await tests.unit(...PROGRAMS);
        await tests.browser(...JOURNEYS);
      } else {
        await tests.browser(...JOURNEYS, ...KINDS);
      }
      await tests.tryAgain();
    } finally {
      tests.remove();
    }
    const { passed, failures, slow } = tests.outcome;
    outcome.passed += passed;
    outcome.failures.push(...failures.map(({ name, text }) => ({ name: `Node ${version}: ${name}`, text })));
    outcome.slow.push(...slow.map((name) => `Node ${version}: ${name}`));
    const minutes = ((performance.now() - begun) / 60_000).toFixed(1);
    lines.push(`Node ${version}: ${passed} passed, ${failures.length} failed in ${minutes} min`);
  }
} catch (error) {
  outcome.failures.push({ name: 'the test command', text: error.message });
}
for (const line of lines) console.log(line);
printOutcome(outcome);
process.exit(outcome.failures.length === 0 ? 0 : 1);
