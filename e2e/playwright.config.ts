import { defineConfig } from 'playwright/test';

export default defineConfig({
  testDir: './journeys',
  testMatch: '*.e2e.ts',
  outputDir: '../test-results',
  // Each worker runs a whole Spillway with its database: two cores carry one.
  workers: 1,
  // A journey walks through a whole diversion, waits for tasks and drains included.
  timeout: 120_000,
  expect: { timeout: 15_000 },
  forbidOnly: true,
  retries: 0,
  use: {
    ...(process.env.CHROME_PATH ? { launchOptions: { executablePath: process.env.CHROME_PATH } } : {}),
    screenshot: 'only-on-failure',
    trace: 'retain-on-failure',
  },
});
