import { defineConfig } from 'playwright/test';

/** The life cycle of each kind of diversion, from the editor to the rollback, and what can go wrong on the way. */
const core = [
  'access.e2e.ts',
  'cutover.e2e.ts',
  'diversions.e2e.ts',
  'drift.e2e.ts',
  'estate.e2e.ts',
  'first-load.e2e.ts',
  'history.e2e.ts',
  'isolation.e2e.ts',
  'run-commands.e2e.ts',
  'split.e2e.ts',
  'switch-ramp.e2e.ts',
  'failover.e2e.ts',
];
const processes = ['upgrade.e2e.ts'];

export default defineConfig({
  testDir: './journeys',
  // `npm test` runs `core`; `npm test -- more` runs `more`; `npm test -- screens` runs both and takes screenshots;
  // `npm test -- processes` runs `processes`, which starts dashboards of several builds.
  projects: [
    { name: 'core', testMatch: core },
    { name: 'more', testMatch: '*.e2e.ts', testIgnore: [...core, ...processes] },
    { name: 'processes', testMatch: processes },
  ],
  outputDir: '../test-results',
  // Each worker runs a complete Spillway with its database. Journeys mostly wait: two of them used half of two cores.
  workers: 3,
  // A journey covers a whole diversion, including waits for tasks and drains.
  timeout: 360_000,
  // Limits only for waits that hang: the machine may be busy.
  expect: { timeout: 30_000 },
  forbidOnly: true,
  retries: 0,
  use: {
    actionTimeout: 30_000,
    // Animations take much CPU time in a browser without a GPU.
    contextOptions: { reducedMotion: 'reduce' },
    navigationTimeout: 60_000,
    launchOptions: {
      ...(process.env.CHROME_PATH ? { executablePath: process.env.CHROME_PATH } : {}),
      args: [
        // Chromium's own sandbox does not run as root, which is usually a container's user.
        ...(process.getuid?.() === 0 ? ['--no-sandbox'] : []),
        '--disable-gpu',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-quic',
        '--disable-sync',
        '--no-first-run',
      ],
    },
    screenshot: 'only-on-failure',
    // Recording takes much of a journey's time: add `--trace on` to record one.
    trace: 'off',
  },
});
