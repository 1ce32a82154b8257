import { execFileSync } from 'node:child_process';
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
import { invariant } from '@/lib/invariant';
import { seedNamed } from '@/lib/sandbox/seeds/seeds';
import { worldFormat } from '@/lib/sandbox/world/world';
import { parseSettings } from '@/lib/settings';
import { copyPreparedCluster } from '@/testing/db/own-database';
import { type TestProject, testProject } from '@/testing/launch/test-project';
import { type EmbeddedPostgres, startEmbeddedPostgres } from './postgres/embedded-postgres';
import type { SupervisedService } from './processes/supervise';
import { askToSetAside, openStoredData } from './stored-data';

/*
 * Runs the launcher as a process on the data of an earlier build: a database with the migrations before the baseline,
 * and sandbox data of another format.
 */

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

/** Puts the database of an earlier build into a data folder. */
async function copyEarlierDatabase(dataDir: string): Promise<void> {
  copyPreparedCluster(dataDir);
  await withDatabase(dataDir, async (url) => {
    const maintenance = url.replace('/spillway?', '/postgres?');
    await query(maintenance, 'drop database spillway');
    await query(maintenance, 'create database spillway');
    await query(url, earlierBuild);
  });
}

let project: TestProject;
beforeAll(async () => {
  project = await testProject(network);
  project.writeWeb(`
    process.on('message', () => {});
    process.on('SIGTERM', () => process.exit(0));
    process.send({ type: 'ready' });
  `);
});
afterAll(() => project.remove());

/** Opens the stored data as the launcher does, in this process. @returns what it printed, and what `use` returned */
async function open<T>(maySetAside: boolean, use: (url: string) => Promise<T>) {
  const settings = parseSettings({});
  invariant(settings.ok, 'defaults are settings');
  const printed: string[] = [];
  const services: SupervisedService<unknown>[] = [];
  const log = {
    ...quiet,
    show: () => {},
    print: (text: string) => void printed.push(text),
    quiet() {},
    lost: () => 0,
    close() {},
  };
  const { signal } = new AbortController();
  try {
    const { dataDir } = project;
    const opened = await openStoredData({
      dataDir,
      settings: settings.value,
      maySetAside,
      services,
      log,
      signal,
    });
    await opened?.embedded?.service.ready;
    return { printed, used: opened?.embedded ? await use(opened.embedded.url) : null };
  } finally {
    for (const service of services) await service.stop();
  }
}

describe('in the data folder', () => {
  const sandbox = () => join(project.dataDir, 'sandbox');
  const list = () => readdirSync(project.dataDir).filter((name) => /^(postgres|sandbox)(\.\d|$)/.test(name));
  const world = (format: unknown) => JSON.stringify({ ...seedNamed('flash-sale')(network, 0), format });
  const selectRuns = (url: string) => query(url, 'select id from run');
  const readRuns = () => withDatabase(project.dataDir, selectRuns);
  const earlier = () => join(project.folder, 'earlier');

  beforeAll(async () => {
    mkdirSync(join(earlier(), 'sandbox'), { recursive: true });
    writeFileSync(join(earlier(), 'sandbox/world.json'), world(3));
    await copyEarlierDatabase(earlier());
  });

  beforeEach(() => {
    rmSync(project.dataDir, { recursive: true, force: true });
    // Includes the owners of its files.
    execFileSync('cp', ['-a', earlier(), project.dataDir]);
  });

  it('refuses to start without consent, reports what it has found, and changes nothing', async () => {
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
    expect(readFileSync(join(sandbox(), 'world.json'), 'utf8')).toBe(world(3));
    expect(await readRuns()).toEqual([{ id: 'R-0001' }]);
  });

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
    expect(readFileSync(join(aside(3), 'world.json'), 'utf8')).toBe(world(3));
    // A later start finds its own data and doesn't ask.
    expect(await open(false, selectRuns)).toEqual({ printed: [], used: [] });
    expect(list()).toEqual(names);
    // The earlier data is intact: under its old name it works as the database again.
    rmSync(join(project.dataDir, 'postgres'), { recursive: true });
    renameSync(aside(1), join(project.dataDir, 'postgres'));
    expect(await readRuns()).toEqual([{ id: 'R-0001' }]);
  });

  it('creates no database while sandbox data prevents the start', async () => {
    rmSync(join(project.dataDir, 'postgres'), { recursive: true });
    const { printed, used } = await open(false, selectRuns);
    expect(used).toBeNull();
    expect(printed).toContain('Nothing was changed, and nothing was started.');
    expect(list()).toEqual(['sandbox']);
  });

  it('sets aside only unreadable data', async () => {
    writeFileSync(join(sandbox(), 'world.json'), world(worldFormat));
    const tables = await open(true, (url) =>
      query(url, `select * from pg_tables where schemaname = 'public'`),
    );
    expect(tables.used).toEqual([]);
    expect(list()).toEqual(['postgres', expect.stringMatching(/^postgres\.\d/), 'sandbox']);
    expect(readFileSync(join(sandbox(), 'world.json'), 'utf8')).toBe(world(worldFormat));
  });
});

describe('in a database of the operator', () => {
  let dataDir: string;
  let database: EmbeddedPostgres;
  beforeAll(async () => {
    dataDir = mkdtempSync(join(tmpdir(), 'spillway-external-'));
    await copyEarlierDatabase(dataDir);
    database = startEmbeddedPostgres(dataDir, quiet);
    await database.service.ready;
  });
  afterAll(async () => {
    await database.service.stop();
    rmSync(dataDir, { recursive: true, force: true });
  });

  it.each([[[]], [['--set-aside']]])('refuses to start, and renames nothing, with %j', async (args) => {
    const own = join(project.folder, 'external');
    const settings = { DATABASE_URL: database.url, SPILLWAY_DATA_DIR: own };
    const launcher = await project.launch(settings, '', args);
    expect(await launcher.ended).toBe(1);
    const text = launcher.lines.join('\n');
    expect(text).toMatch(/database: spillway on .*, named by DATABASE_URL \(its tables are those of another/);
    expect(text).toContain('create one, and set DATABASE_URL to it');
    expect(text).not.toContain(new URL(database.url).password);
    expect(readdirSync(own)).not.toContain('sandbox');
    const schemas = `select nspname from pg_namespace where nspname in ('public', 'drizzle', 'dbos') order by 1`;
    expect(await query(database.url, schemas)).toEqual([{ nspname: 'drizzle' }, { nspname: 'public' }]);
    expect(await query(database.url, 'select id from run')).toEqual([{ id: 'R-0001' }]);
  });
});

it('rejects unknown arguments', async () => {
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
  ])('interprets %j as %j', async (answer, agreed) => {
    expect(await ask(answer)).toEqual([agreed, question]);
  });

  it('is not shown without a terminal', async () => {
    expect(await ask('y\n', false)).toEqual([false, '']);
  });
});
