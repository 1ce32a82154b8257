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
    include: ['{app,components,lib}/**/*.test.{ts,tsx}'],
    environment: 'node',
    // A bound for what hangs, not for what is slow: machines that build beside it are.
    testTimeout: 20_000,
    // Much of the time is waited, for tasks of the sandbox and for processes that start: more files than two cores carry.
    maxWorkers: 3,
  },
});
