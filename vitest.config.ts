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

/**
 * The groups of a run, and how many of their files run in parallel. Many tests wait, so more of them run than there are
 * cores, all in one group: a group that ends waits for its last file. With more of `processes`, the processes that they
 * kill and restart time out.
 */
const groups = {
  shared: { sequence: { groupOrder: 0 }, maxWorkers: 4 },
  processes: { sequence: { groupOrder: 1 }, maxWorkers: 2 },
};

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
    testTimeout: 180_000,
    hookTimeout: 180_000,
    // The projects share transformed modules, which saves a sixth of the CPU time of a first run.
    experimental: { fsModuleCache: true },
    sequence: { sequencer: ProjectSequencer },
    projects: projectNames.map((name) => ({
      extends: true,
      test: {
        name,
        include: [...files[name]],
        isolate: !sharing.includes(name),
        ...groups[name === 'processes' ? 'processes' : 'shared'],
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
