import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';
import { assignTestFiles, type ProjectName, projectNames } from './testing/projects/assign-test-files.ts';
import { ProjectSequencer } from './testing/projects/project-sequencer.ts';

const root = fileURLToPath(new URL('.', import.meta.url));
const files = assignTestFiles(root);
/**
 * Projects whose files share a process and its modules, which saves loading them for each file. Tests that start
 * processes are excluded: they change what their own process has, such as its signals.
 */
const sharing: readonly ProjectName[] = ['database', 'sandbox', 'dom', 'pure', 'static'];

export default defineConfig({
  resolve: {
    alias: [
      { find: /^@\//, replacement: root },
      // Its default entry throws: https://github.com/vercel/next.js/blob/canary/packages/next/src/compiled/server-only
      { find: 'server-only', replacement: `${root}node_modules/server-only/empty.js` },
    ],
  },
  test: {
    // A limit only for tests that hang: a busy machine is slow.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // Tests mostly wait for tasks of the sandbox and for processes to start, so more files run in parallel than there
    // are cores.
    maxWorkers: 4,
    sequence: { sequencer: ProjectSequencer },
    projects: projectNames.map((name) => ({
      extends: true,
      test: {
        name,
        include: [...files[name]],
        isolate: !sharing.includes(name),
        ...(name === 'dom' ? { setupFiles: './testing/components/new-page.ts' } : {}),
        ...(name === 'database'
          ? { globalSetup: './testing/db/shared-postgres.ts', setupFiles: './testing/db/new-process.ts' }
          : {}),
        ...(name === 'processes'
          ? { globalSetup: ['./testing/db/prepared-cluster.ts', './testing/db/shared-postgres.ts'] }
          : {}),
      },
    })),
  },
});
