import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

const root = fileURLToPath(new URL('.', import.meta.url));

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: root },
      // Its plain export throws: https://github.com/vercel/next.js/blob/canary/packages/next/src/compiled/server-only
      { find: 'server-only', replacement: `${root}node_modules/server-only/empty.js` },
    ],
  },
  test: {
    include: ['{app,components,lib,testing}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // A bound for tests that hang, not for slow ones: machines that build at the same time are slow.
    testTimeout: 20_000,
    // Tests spend much of their time waiting for tasks of the sandbox and for processes to start, so more files run
    // than two cores would otherwise carry.
    maxWorkers: 3,
  },
});
