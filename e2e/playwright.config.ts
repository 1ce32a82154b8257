import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: './journeys',
  // `npm test` runs the first; the second starts dashboards of several builds, and belongs to `npm test -- processes`.
  projects: [
    { name: 'journeys', testMatch: '*.e2e.ts', testIgnore: 'upgrade.e2e.ts' },
    { name: 'processes', testMatch: 'upgrade.e2e.ts' },
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
