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
 * The order of the projects of one run, and how many of their files run in parallel. Tests of the sandbox and of the
 * database often wait, so more of them run than there are cores. The others would only load their modules more often;
 * and with more of `processes`, the processes that they kill and restart time out.
 */
const groups = {
  waiting: { sequence: { groupOrder: 0 }, maxWorkers: 4 },
  busy: { sequence: { groupOrder: 1 }, maxWorkers: 2 },
  processes: { sequence: { groupOrder: 2 }, maxWorkers: 2 },
};
const groupOf: Readonly<Record<ProjectName, keyof typeof groups>> = {
  database: 'waiting',
  sandbox: 'waiting',
  dom: 'busy',
  pure: 'busy',
  static: 'busy',
  processes: 'processes',
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
    testTimeout: 60_000,
    hookTimeout: 60_000,
    sequence: { sequencer: ProjectSequencer },
    projects: projectNames.map((name) => ({
      extends: true,
      test: {
        name,
        include: [...files[name]],
        isolate: !sharing.includes(name),
        ...groups[groupOf[name]],
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
