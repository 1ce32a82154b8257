import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { PassThrough } from 'node:stream';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { seedNamed } from '@/lib/sandbox/seeds/seeds';
import { type TestProject, testProject } from '@/testing/launch/test-project';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded-postgres';
import { askToSetAside } from './stored-data';

/* The launcher as a process, on the data of an earlier build: a database with the chain of migrations before the baseline, and sandbox data of another format. */

const network = '127.189.0.0/16';
const earlierBuild = readFileSync(
  resolve(import.meta.dirname, '../../testing/launch/earlier-build.sql'),
  'utf8',
);
const quiet = { line: () => {}, say: () => {} };

async function query(url: string, text: string): Promise<readonly Record<string, unknown>[]> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}

async function withDatabase<T>(dataDir: string, use: (url: string) => Promise<T>): Promise<T> {
  const database = startEmbeddedPostgres(dataDir, quiet);
  try {
    await database.service.ready;
    return await use(database.url);
  } finally {
    await database.service.stop();
  }
}

let project: TestProject;
beforeAll(async () => {
  project = await testProject(network);
  project.writeWeb(`
    process.on('message', () => {});
    process.on('SIGTERM', () => process.exit(0));
    process.send({ type: 'ready' });
  `);
}, 60_000);
afterAll(() => project.remove());

describe('in the data folder', () => {
  const sandbox = () => join(project.dataDir, 'sandbox');
  const list = () => readdirSync(project.dataDir).filter((name) => /^(postgres|sandbox)(\.\d|$)/.test(name));
  const world = () => JSON.stringify({ ...seedNamed('flash-sale')(network, 0), format: 3 });
  const readRuns = () => withDatabase(project.dataDir, (url) => query(url, 'select id from run'));

  beforeEach(async () => {
    rmSync(project.dataDir, { recursive: true, force: true });
    mkdirSync(sandbox(), { recursive: true });
    writeFileSync(join(sandbox(), 'world.json'), world());
    await withDatabase(project.dataDir, (url) => query(url, earlierBuild));
  }, 30_000);

  it('refuses to start without consent, says what it has found, and changes nothing', async () => {
    const launcher = await project.launch();
    expect(await launcher.ended).toBe(1);
    const text = launcher.lines.join('\n');
    expect(text).toMatch(/^Spillway [\d.]+ can't read this data, which another build has stored:$/m);
    expect(text).toContain(`database: ${join(project.dataDir, 'postgres')} (its tables are those of another`);
    expect(text).toContain(`${join(sandbox(), 'world.json')} (format 3; this build reads "sandbox/1")`);
    expect(text).toContain('npm start -- --set-aside renames these folders');
    expect(text).toMatch(/^Nothing was changed, and nothing was started\.$/m);
    expect(list()).toEqual(['postgres', 'sandbox']);
    expect(readdirSync(sandbox())).toEqual(['world.json']);
    expect(readFileSync(join(sandbox(), 'world.json'), 'utf8')).toBe(world());
    expect(await readRuns()).toEqual([{ id: 'R-0001' }]);
  }, 60_000);

  it('sets it aside with --set-aside, deletes nothing, and starts with empty data', async () => {
    const launcher = await project.launch({}, '', ['--set-aside']);
    await launcher.says(/^Spillway is ready/);
    launcher.process.kill('SIGTERM');
    expect(await launcher.ended).toBe(0);
    const names = list();
    expect(names).toEqual([
      'postgres',
      expect.stringMatching(/^postgres\.\d{4}-\d\d-\d\dT\d\d-\d\d-\d\dZ$/),
      'sandbox',
      expect.stringMatching(/^sandbox\.\d{4}-/),
    ]);
    const aside = (index: number) => join(project.dataDir, names[index] ?? '');
    expect(launcher.lines).toContain(`Set aside: ${aside(1)}`);
    expect(readFileSync(join(aside(3), 'world.json'), 'utf8')).toBe(world());
    expect(await readRuns()).toEqual([]);
    // A later start finds its own data and asks for nothing.
    const later = await project.launch();
    await later.says(/^Spillway is ready/);
    later.process.kill('SIGTERM');
    expect(await later.ended).toBe(0);
    expect(later.lines.join('\n')).not.toContain('another build');
    // The earlier data is whole: with its old name it is the database again.
    rmSync(join(project.dataDir, 'postgres'), { recursive: true });
    renameSync(aside(1), join(project.dataDir, 'postgres'));
    expect(await readRuns()).toEqual([{ id: 'R-0001' }]);
  }, 120_000);

  it('creates no database while sandbox data keeps it from starting', async () => {
    rmSync(join(project.dataDir, 'postgres'), { recursive: true });
    const launcher = await project.launch();
    expect(await launcher.ended).toBe(1);
    expect(launcher.lines).toContain('Nothing was changed, and nothing was started.');
    expect(list()).toEqual(['sandbox']);
  }, 60_000);

  it('sets aside only what it can’t read', async () => {
    rmSync(sandbox(), { recursive: true });
    const launcher = await project.launch({}, '', ['--set-aside']);
    await launcher.says(/^Spillway is ready/);
    launcher.process.kill('SIGTERM');
    await launcher.ended;
    expect(list()).toEqual(['postgres', expect.stringMatching(/^postgres\.\d/), 'sandbox']);
  }, 60_000);
});

describe('in a database of the operator', () => {
  let dataDir: string;
  let database: EmbeddedPostgres;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'spillway-external-'));
    database = startEmbeddedPostgres(dataDir, quiet);
    await database.service.ready;
    await query(database.url, earlierBuild);
  }, 60_000);
  afterAll(async () => {
    await database.service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each([[[]], [['--set-aside']]])(
    'refuses to start, and renames nothing, with %j',
    async (args) => {
      const own = join(project.folder, 'external');
      const settings = { DATABASE_URL: database.url, SPILLWAY_DATA_DIR: own };
      const launcher = await project.launch(settings, '', args);
      expect(await launcher.ended).toBe(1);
      const text = launcher.lines.join('\n');
      expect(text).toMatch(
        /database: spillway on .*, named by DATABASE_URL \(its tables are those of another/,
      );
      expect(text).toContain('create one, and set DATABASE_URL to it');
      expect(text).not.toContain(new URL(database.url).password);
      expect(readdirSync(own)).not.toContain('sandbox');
      const schemas = `select nspname from pg_namespace where nspname in ('public', 'drizzle', 'dbos') order by 1`;
      expect(await query(database.url, schemas)).toEqual([{ nspname: 'drizzle' }, { nspname: 'public' }]);
      expect(await query(database.url, 'select id from run')).toEqual([{ id: 'R-0001' }]);
    },
    60_000,
  );
});

it('rejects arguments that it does not know', async () => {
  const launcher = await project.launch({}, '', ['--set-asied']);
  expect(await launcher.ended).toBe(1);
  expect(launcher.lines.join('\n')).toContain('--set-asied');
});

describe('the question at a terminal', () => {
  const ask = (answer: string | null, isTTY = true) => {
    const [input, output] = [new PassThrough(), new PassThrough()].map((each) =>
      Object.assign(each, { isTTY }),
    ) as unknown as [NodeJS.ReadStream & PassThrough, NodeJS.WriteStream & PassThrough];
    const asked = askToSetAside(input, output, new AbortController().signal);
    if (answer !== null) input.write(answer);
    input.end();
    return asked.then((agreed) => [agreed, String(output.read() ?? '')]);
  };
  const question = 'Set it aside and start with empty data? [y/N] ';

  it.each([
    ['y\n', true],
    ['Yes\n', true],
    ['\n', false],
    ['n\n', false],
    ['yesterday\n', false],
    [null, false],
  ])('takes %j as %j', async (answer, agreed) => {
    expect(await ask(answer)).toEqual([agreed, question]);
  });

  it('is not asked without a terminal', async () => {
    expect(await ask('y\n', false)).toEqual([false, '']);
  });
});
