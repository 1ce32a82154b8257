import { execFileSync, spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { chromium } from 'playwright';

/** The headless shell comes first: it takes a sixth less time for the same journeys. */
const NAMES = [
  'chromium-headless-shell',
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
/** Debian packages with a browser, in the order of preference. */
const PACKAGES = ['chromium-headless-shell', 'chromium'];

/**
 * Finds the browser for the tests: CHROME_PATH, one of the system, or Playwright's own; otherwise installs one and
 * reports that.
 * @returns {string} path of the browser
 */
export function findBrowser() {
  const named = process.env.CHROME_PATH;
  if (named) {
    if (!isProgram(named)) throw new Error(`CHROME_PATH: there is no program at ${named}`);
    return named;
  }
  return installed() ?? install();
}

function installed() {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const system = NAMES.flatMap((name) => folders.map((folder) => join(folder, name)));
  return [...system, chromium.executablePath()].find(isProgram) ?? null;
}

/** Installs a browser: Playwright's download first; if its host is unreachable, Debian's package. */
function install() {
  console.log('No browser for the tests found: installing Chromium with Playwright …');
  const cli = join(import.meta.dirname, '../../node_modules/playwright/cli.js');
  const asRootOnDebian = process.getuid?.() === 0 && existsSync('/etc/debian_version');
  spawnSync(process.execPath, [cli, 'install', ...(asRootOnDebian ? ['--with-deps'] : []), 'chromium'], {
    stdio: 'inherit',
  });
  const byPlaywright = installed();
  if (byPlaywright) return byPlaywright;
  if (asRootOnDebian) {
    console.log('That failed: installing Chromium with apt-get …');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    execFileSync('apt-get', ['update'], { stdio: 'inherit', env });
    for (const name of PACKAGES) {
      spawnSync('apt-get', ['install', '-y', '--no-install-recommends', name], { stdio: 'inherit', env });
      const byApt = installed();
      if (byApt) return byApt;
    }
  }
  throw new Error(
    'No browser for the tests. Install Chromium or Chrome, or set CHROME_PATH to the program of one.',
  );
}

function isProgram(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Missing or not executable: try the next one.
    return false;
  }
}
