import { mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { dashboardKeyFile, readDashboardKeys } from '@/lib/dashboard-key-file';
import { readSealingKeys, sealingKeyFile } from '@/lib/sealing-key-file';
import { copyPreparedCluster, startOwnDatabase } from '@/testing/db/own-database';
import { ofThisFile } from '@/testing/db/test-file-database';
import { type TestProject, testProject } from '@/testing/launch/test-project';

/*
 * The launcher itself as a process, with the real sandbox, worker and database.
 */

const database = ofThisFile(startOwnDatabase);
let project: TestProject;
beforeAll(async () => {
  project = await testProject('127.188.0.0/16');
});
afterAll(() => project.remove());

const workingWeb = `
process.on('message', (message) => console.error('REPORT ' + JSON.stringify(message)));
process.on('SIGTERM', () => process.exit(0));
process.send({ type: 'ready' });
`;

test('a damaged sandbox, a dashboard that can’t start and a log that can’t be written do not stop other parts', async () => {
  const sandbox = join(project.dataDir, 'sandbox');
  mkdirSync(sandbox, { recursive: true });
  writeFileSync(join(sandbox, 'world.json'), '');
  project.writeWeb(`throw new Error('this dashboard never comes up');`);
  // No file of these processes grows beyond 2 KB, which the sandbox's filter of system calls needs: writes then fail
  // as on a full disk, without any special rights.
  const launcher = await project.launch({ DATABASE_URL: database().url }, 'ulimit -f 4;');

  await launcher.says(/sandbox can't start: The sandbox's data in .*world\.json is empty/);
  await launcher.says(/^web ended with code 1; restarting it/);
  await launcher.says(/The log .*spillway\.log can't be written \(EFBIG/);
  await launcher.says(/^Spillway is running, except: sandbox, web /);
  const { rows } = await database().db.execute(sql`select id from worker`);
  expect(rows).toHaveLength(1);
  expect(readFileSync(join(sandbox, 'world.json'), 'utf8')).toBe('');

  project.writeWeb(workingWeb);
  await launcher.says(/^web is ready again/);
  const first = JSON.parse((await launcher.says(/REPORT/)).replace(/^.*REPORT /, ''));
  expect(first.logLinesLost).toBeGreaterThan(0);
  expect(first.parts).toContainEqual({
    name: 'sandbox',
    state: 'failing',
    since: expect.any(String),
    reason: expect.stringContaining('put a backup in its place, or move it away'),
  });

  // As an operator would after that message.
  renameSync(join(sandbox, 'world.json'), join(sandbox, 'aside.json'));
  await launcher.says(/^sandbox is ready again/);
  await launcher.says(/^restarting worker: the sandbox’s addresses or accounts changed/);
  await launcher.says(/REPORT .*"name":"sandbox","state":"up"/);
  await vi.waitFor(
    async () => {
      const found = await database().db.execute(sql`select name from connection where available`);
      expect(found.rows.length).toBeGreaterThan(0);
    },
    { timeout: 60_000, interval: 100 },
  );
  launcher.process.kill('SIGTERM');
  expect(await launcher.ended).toBe(0);
});

test('functions run without a jail only while no key of a real account is stored', async () => {
  project.writeWeb(workingWeb);
  const { db, url } = database();
  const controlFile = join(project.dataDir, 'sandbox/control.json');
  const start = async () => {
    // Without this capability, root can't mount: there is no jail.
    const drop = 'set -- setpriv --bounding-set=-sys_admin --inh-caps=-all "$@";';
    const launcher = await project.launch({ DATABASE_URL: url }, process.getuid?.() === 0 ? drop : '');
    await launcher.says(/^Spillway is ready/);
    // The file is written a moment after the sandbox is ready; until then it names an earlier one.
    const readRuntimes = () =>
      vi.waitFor(async () => {
        const { url: control, token } = JSON.parse(readFileSync(controlFile, 'utf8'));
        const answer = await fetch(`${control}/summary`, { headers: { Authorization: `Bearer ${token}` } });
        expect(answer.status).toBe(200);
        return (await answer.json()).runtimes;
      }, 30_000);
    const stop = async () => {
      launcher.process.kill('SIGTERM');
      expect(await launcher.ended).toBe(0);
    };
    return { launcher, readRuntimes, stop };
  };

  const without = await start();
  const { isolation, jailOnly } = await without.readRuntimes();
  await without.stop();
  expect(isolation === 'jail' || !jailOnly).toBe(true);
  // Only root can drop it: others have a jail, and the rule is tested beside `jailsFunctionsOnly`.
  if (process.getuid?.() === 0) expect(isolation).toBe('user');

  await db.execute(
    sql`insert into connection (id, name, kind, port_offset, available) values ('real', 'Real', 'tencent', 0, false)`,
  );
  await db.execute(sql`insert into connection_keys (connection_id, site, regions, writes, read_key_end, sealed_read, created_by, changed_by)
    values ('real', 'mainland', '{ap-singapore}', 'none', 'abcd', 'sealed', 'sari', 'sari')`);
  const beside = await start();
  expect(await beside.readRuntimes()).toMatchObject({ jailOnly: true });
  expect(beside.launcher.lines.filter((line) => line.startsWith('restarting sandbox'))).toEqual([]);
  await beside.stop();
});

/** A process on Linux. The start time is needed because an id is reused for another process after a while. */
type Process = { readonly pid: number; readonly parent: number; readonly startedAt: number };

/**
 * Reads a process that is alive from /proc; null if it has ended.
 * https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
 */
function readProcess(pid: number): Process | null {
  try {
    // The second field is the name in brackets, which may have spaces and brackets of its own.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ').at(-1)?.split(' ') ?? [];
    const [state, parent] = fields;
    if (state === 'Z' || state === 'X') return null;
    return { pid, parent: Number(parent), startedAt: Number(fields[19]) };
  } catch {
    return null;
  }
}

/**
 * Returns the descendants of a process. A descendant has started after its parent; other launchers may run at the same
 * time.
 */
function descendants(pid: number): readonly Process[] {
  const all = readdirSync('/proc').flatMap((name) =>
    /^\d+$/.test(name) ? (readProcess(Number(name)) ?? []) : [],
  );
  const find = (parent: Process): readonly Process[] =>
    all
      .filter((child) => child.parent === parent.pid && child.startedAt >= parent.startedAt)
      .flatMap((child) => [child, ...find(child)]);
  return all.filter((each) => each.pid === pid).flatMap(find);
}

const isAlive = ({ pid, startedAt }: Process) => readProcess(pid)?.startedAt === startedAt;

function readCommand({ pid }: Process): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function readEnvironment(pid: number): readonly string[] {
  return readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
}

/** Checks that the keys are in files of their owner's, and that each process has only those that it needs. */
function checkKeys(dataDir: string, programs: readonly (readonly [number, string])[]): void {
  const files = { dashboard: join(dataDir, dashboardKeyFile), sealing: join(dataDir, sealingKeyFile) };
  for (const file of Object.values(files)) expect(statSync(file).mode & 0o777, file).toBe(0o600);
  const [{ actions, links } = expect.fail('no keys')] = readDashboardKeys(files.dashboard);
  const [sealing = expect.fail('no keys')] = readSealingKeys(files.sealing);
  const keysOf = (name: RegExp) => {
    const [pid] = programs.find(([, command]) => name.test(command)) ?? expect.fail(`no ${name}`);
    const values = { actions, links, sealing, file: files.sealing };
    const variables = readEnvironment(pid);
    return Object.entries(values).flatMap(([key, value]) =>
      variables.some((each) => each.endsWith(`=${value}`)) ? [key] : [],
    );
  };
  expect(keysOf(/web\.mjs/)).toEqual(['actions', 'links']);
  expect(keysOf(/worker\.mjs/)).toEqual(['links', 'file']);
  expect(keysOf(/sandbox\.mjs/)).toEqual([]);
  expect(keysOf(/bin\/postgres/)).toEqual([]);
}

test('a launcher gives each process its own keys alone; killed, it leaves none behind, even if frozen or busy', async () => {
  project.writeWeb(`
    process.on('SIGTERM', () => {});
    process.on('disconnect', () => {});
    process.send({ type: 'ready' }, () => { for (;;); });
  `);
  const dataDir = join(project.folder, 'killed');
  mkdirSync(dataDir);
  copyPreparedCluster(dataDir);
  const launcher = await project.launch({ SPILLWAY_DATA_DIR: dataDir });
  await launcher.says(/^Spillway is ready/);
  const left = descendants(launcher.process.pid ?? 0);
  const programs = left.map((each) => [each.pid, readCommand(each)] as const);
  const [worker] = programs.find(([, command]) => command.includes('worker.mjs')) ?? [0];
  for (const name of [/bin\/postgres/, /sandbox\.mjs/, /web\.mjs/, /worker\.mjs/]) {
    // A process that Postgres has just forked still has its command line.
    const count = () =>
      descendants(launcher.process.pid ?? 0).filter((each) => name.test(readCommand(each))).length;
    await expect.poll(count).toBe(1);
  }
  checkKeys(dataDir, programs);
  // The frozen worker can't detect the end of its channel; the dashboard ignores it and keeps its thread busy.
  process.kill(worker, 'SIGSTOP');
  launcher.process.kill('SIGKILL');
  await vi.waitFor(() => expect(left.filter(isAlive)).toEqual([]), { timeout: 60_000, interval: 100 });
});
