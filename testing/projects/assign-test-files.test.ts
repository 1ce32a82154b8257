import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { assignTestFiles, longestFiles } from './assign-test-files';

const root = fileURLToPath(new URL('../..', import.meta.url));
const assigned = assignTestFiles(root);

test('each test file of the code base is in exactly one project', () => {
  const all = ['app', 'components', 'lib', 'testing'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true }).map((name) => `${folder}/${name}`),
  );
  const tests = all.filter((path) => /\.test\.tsx?$/.test(path));
  expect(Object.values(assigned).flat().toSorted()).toEqual(tests.toSorted());
  for (const files of Object.values(assigned)) expect(files.length).toBeGreaterThan(5);
});

test('no file of a project with shared modules mocks one', () => {
  const replacing = [...assigned.pure, ...assigned.static, ...assigned.sandbox].filter((file) =>
    /^\s*vi\.(mock|doMock|resetModules)\(/m.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(replacing, 'pass what the test replaces as a parameter').toEqual([]);
});

test('the listed long files exist', () => {
  expect(longestFiles.filter((file) => !existsSync(join(root, file)))).toEqual([]);
});

test('assigns a file by its direct and indirect imports, ignoring types', () => {
  const folder = mkdtempSync(join(tmpdir(), 'spillway-projects-'));
  const files = {
    'app/page.test.tsx': `/* @vitest-${'environment'} happy-dom */`,
    'components/pure.test.ts': "import type { Server } from 'node:net';\nimport '@/lib/data';",
    'lib/data.ts': "export type { Socket } from 'node:net';\nexport const data = 1;",
    'lib/serve.ts': "import {\n  createServer,\n} from 'node:net';",
    'lib/serves.test.ts': "import { it } from 'vitest';\nimport './serve';",
    'lib/lazy.test.ts': `const { spawn } = await ${'import'}('node:child_process');`,
    'lib/sandbox/functions/runtime.ts': "export { spawn } from 'node:child_process';",
    'lib/sandbox.test.ts': "import { spawn } from './sandbox/functions/runtime';",
    'lib/sandbox/functions/runtime.test.ts': "import { spawn } from './runtime';",
    'lib/killed.test.ts': "import { fork } from 'node:child_process';\nimport './sandbox/functions/runtime';",
    'lib/launch/postgres/embedded-postgres.ts': '',
    'lib/own.test.ts': "import '@/testing/db/test-database';\nimport './launch/postgres/embedded-postgres';",
    'lib/rows.test.ts': "import '../testing/db/test-database.ts';\nimport './sandbox/functions/runtime';",
    'lib/program.test.ts':
      "import '@/testing/db/test-database';\nimport { spawn } from 'node:child_process';",
    'lib/script.test.ts': "import { start } from '@/testing/machine';",
    'testing/db/test-database.ts': "import pg from 'pg';",
    'testing/machine.ts':
      "import { spawn } from 'node:child_process';\nimport '@/lib/sandbox/functions/runtime';",
  };
  try {
    for (const [name, text] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), text);
    }
    expect(assignTestFiles(folder)).toEqual({
      dom: ['app/page.test.tsx'],
      pure: ['components/pure.test.ts'],
      processes: [
        'lib/killed.test.ts',
        'lib/lazy.test.ts',
        'lib/own.test.ts',
        'lib/program.test.ts',
        'lib/sandbox/functions/runtime.test.ts',
        'lib/script.test.ts',
      ],
      database: ['lib/rows.test.ts'],
      sandbox: ['lib/sandbox.test.ts', 'lib/serves.test.ts'],
      static: [],
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});
