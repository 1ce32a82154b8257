import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { stringify } from 'yaml';
import { apiTokens, estates, plans, rehearsals, runs, safetyRules } from '@/lib/db/schema';
import { ReadyPolicy } from '@/lib/diversion/cutover';
import { invariant } from '@/lib/invariant';
import { StepId } from '@/lib/plan/model/model';
import { finishRehearsal } from '@/lib/rehearsal/event/finish-rehearsal';
import { fireDrill } from '@/lib/rehearsal/event/fire-drill';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { createToken } from '@/lib/server/auth/change-tokens';
import { runRehearsal } from '@/lib/worker/rehearsals/run-rehearsal';
import { testEstate, testLoadBalancer, testRecord, testSplit } from '@/testing/plan/test-estate';
import { requireApprovals } from '@/testing/server/require-approvals';
import { startTestApi } from '@/testing/server/test-api';
import { testContext } from '@/testing/server/test-context';
import { configFile } from './base/config';
import { exitCodes } from './base/exit-codes';
import type { Terminal } from './base/terminal';
import { buildProgram, runCli } from './run-cli';

/* The commands against the API, over HTTP, on a real database. No worker runs. */

const context = testContext();
let server: Awaited<ReturnType<typeof startTestApi>>;
let token = '';
let folder = '';
beforeAll(async () => {
  server = await startTestApi();
  const made = await createToken({ name: 'CLI', role: 'administrator', days: 1 });
  invariant(made.ok, 'the local user may create tokens');
  token = made.value.token;
});
afterAll(async () => {
  await context.db.delete(apiTokens);
  await server.stop();
});
beforeEach(async () => {
  await context.clear();
  await context.connect('sandbox');
  if (folder !== '') rmSync(folder, { recursive: true });
  folder = mkdtempSync(join(tmpdir(), 'spillway-cli-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

type Ended = { readonly code: number; readonly out: string; readonly err: string };

/** Runs a command with the address and token from the environment. */
async function run(
  args: readonly string[],
  {
    env = { SPILLWAY_URL: `http://127.0.0.1:${server.port}`, SPILLWAY_TOKEN: token },
    secret = '',
    sleep = async () => {},
  }: Partial<{ env: Record<string, string>; secret: string; sleep: () => Promise<void> }> = {},
): Promise<Ended> {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    env: { HOME: folder, ...env },
    cwd: folder,
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    readSecret: async () => secret,
    sleep,
  };
  return { code: await runCli(args, terminal), out, err };
}

/** Writes a diversion file, with `change` as differences of its Split. */
function writeFile(name = 'split.yaml', change: object = {}): string {
  const file = { apiVersion: 'spillway/v1', connection: 'sandbox', diversion: { ...testSplit(), ...change } };
  writeFileSync(join(folder, name), name.endsWith('.json') ? JSON.stringify(file) : stringify(file));
  return name;
}
const countPlans = () => context.db.$count(plans);

describe('login', () => {
  const env = () => ({ SPILLWAY_URL: `http://127.0.0.1:${server.port}` });
  const stored = () => configFile({ HOME: folder });

  it('checks the token and stores it for its owner alone, until logout', async () => {
    expect(await run(['login'], { env: env(), secret: `${token}\n` })).toMatchObject({ code: 0 });
    expect(statSync(stored()).mode & 0o777).toBe(0o600);
    expect(await run(['estate'], { env: {} })).toMatchObject({
      code: 0,
      out: expect.stringContaining('sandbox'),
    });
    expect((await run(['logout'])).code).toBe(0);
    expect(await run(['estate'], { env: {} })).toMatchObject({
      code: exitCodes.forbidden,
      err: expect.stringContaining('spillway login'),
    });
  });

  it('refuses a wrong token, and stores nothing', async () => {
    const wrong = `spw_${'x'.repeat(43)}`;
    expect(await run(['login'], { env: env(), secret: wrong })).toMatchObject({ code: exitCodes.forbidden });
    expect((await run(['login'], { env: env(), secret: 'password' })).code).toBe(exitCodes.usage);
    expect((await run(['estate'], { env: {} })).code).toBe(exitCodes.forbidden);
  });

  it('sends a token to no other address than its own, and in clear text only to this machine', async () => {
    await run(['login'], { env: env(), secret: token });
    for (const url of ['http://192.0.2.1:3000', 'ftp://127.0.0.1', 'spillway'])
      expect(await run(['estate', '--url', url])).toMatchObject({ code: exitCodes.usage });
    expect(await run(['estate', '--url', 'https://spillway.example'], { env: {} })).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('The stored token is for'),
    });
  });

  it('does not read a token that others can read', async () => {
    await run(['login'], { env: env(), secret: token });
    chmodSync(stored(), 0o644);
    expect(await run(['estate'], { env: {} })).toMatchObject({
      code: exitCodes.usage,
      err: expect.stringContaining('chmod 600'),
    });
  });
});

describe('reads', () => {
  it('list accounts, rules, diversions and drift as tables or JSON', async () => {
    expect((await run(['estate'])).out).toMatch(/^ID +NAME +KIND +ACCOUNT\nsandbox +sandbox +sandbox/);
    expect((await run(['estate', 'sandbox', '--search', 'flash'])).out).toContain('flash.example.co.id');
    expect(JSON.parse((await run(['--json', 'estate', 'sandbox'])).out).length).toBeGreaterThan(1);
    const view = await context.plan(testSplit(), 'sandbox');
    expect((await run(['diversions'])).out).toContain(view.diversionId);
    expect(JSON.parse((await run(['diversions', view.diversionId, '--json'])).out)).toMatchObject({
      id: view.diversionId,
    });
    expect(await run(['drift', 'sandbox', '--exit-code'])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^No drift/),
    });
    expect((await run(['schedule'])).out).toMatch(/^RUN/);
  });

  it('print names without what steers a terminal', async () => {
    await context.plan(testSplit(), 'sandbox');
    const { out } = await run(['diversions']);
    expect(out).not.toContain('\u001b');
  });

  it('fail with the code of what is wrong', async () => {
    expect((await run(['plan', 'P-9999'])).code).toBe(exitCodes.notFound);
    expect((await run(['plan'])).code).toBe(exitCodes.usage);
    expect((await run(['nothing'])).code).toBe(exitCodes.usage);
    expect((await run(['--help'])).code).toBe(0);
    const env = { SPILLWAY_URL: 'http://127.0.0.1:1', SPILLWAY_TOKEN: token };
    let waited = 0;
    const sleep = async () => {
      waited += 1;
    };
    expect(await run(['estate'], { env, sleep })).toMatchObject({
      code: exitCodes.failed,
      err: expect.stringContaining('Spillway does not answer at http://127.0.0.1:1'),
    });
    expect(waited).toBe(3);
  });
});

describe('plan -f', () => {
  it('shows what a file would change, and stores nothing', async () => {
    const { code, out } = await run(['plan', '-f', writeFile()]);
    expect(code).toBe(0);
    expect(out).toMatch(/^12\.12 flash split \(split on sandbox\)\nApply\n {2}s1 /);
    expect(out).toContain('Bind flash/storefront:1 to flash.example.co.id/');
    expect(out).toMatch(/\neffects [0-9a-f]{64}\n$/);
    expect(await countPlans()).toBe(0);
  });

  it('prints Markdown in which names stay text', async () => {
    const name = '<img src=x> [a](b) `c`';
    const { out } = await run(['plan', '-f', writeFile('split.yaml', { name }), '--markdown']);
    expect(out).toContain('### \\<img src=x\\> \\[a\\](b) \\`c\\`\n');
    expect(out).toMatch(/\*\*Apply\*\*\n\n1\. /);
    expect(out).toContain('<details><summary>Rollback</summary>');
  });

  it('has the same effects for YAML and JSON, and for a file without defaults', async () => {
    const effects = async (name: string) =>
      JSON.parse((await run(['plan', '-f', name, '--json'])).out)[0].effects;
    const { kind, name, routes } = testSplit();
    const short = { apiVersion: 'spillway/v1', connection: 'sandbox', diversion: { kind, name, routes } };
    writeFileSync(join(folder, 'short.yml'), stringify(short));
    expect(await effects(writeFile('a.json'))).toBe(await effects(writeFile()));
    expect(await effects('short.yml')).toBe(await effects('split.yaml'));
  });

  it('names the line of each invalid field', async () => {
    const [cvm, fn] = testSplit().routes;
    writeFile('split.yaml', { routes: [cvm, { ...fn, domain: 'no spaces allowed' }] });
    const lines = readFileSync(join(folder, 'split.yaml'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('no spaces')) + 1;
    const { code, err } = await run(['plan', '-f', 'split.yaml']);
    expect(code).toBe(exitCodes.invalid);
    expect(err).toContain(`split.yaml:${line}: diversion.routes.1.domain: `);
  });

  it('names each unknown field with its line and the nearest known one, and stores nothing', async () => {
    writeFile('split.yaml', { expectedPeekRps: 900 });
    const lines = readFileSync(join(folder, 'split.yaml'), 'utf8').split('\n');
    const line = lines.findIndex((text) => text.includes('expectedPeekRps')) + 1;
    const refused = `split.yaml:${line}: diversion.expectedPeekRps: There is no such field. Did you mean “expectedPeakRps”?`;
    for (const args of [
      ['plan', '-f', 'split.yaml'],
      ['apply', '-f', 'split.yaml', '--yes'],
    ])
      expect(await run(args)).toMatchObject({
        code: exitCodes.invalid,
        err: expect.stringContaining(refused),
      });
    expect(await countPlans()).toBe(0);
  });

  it('refuses a file of a diversion that does not exist', async () => {
    const file = { apiVersion: 'spillway/v1', connection: 'sandbox', id: 'D-9999', diversion: testSplit() };
    writeFileSync(join(folder, 'split.yaml'), stringify(file));
    for (const args of [
      ['plan', '-f', 'split.yaml'],
      ['preflight', '-f', 'split.yaml'],
      ['apply', '-f', 'split.yaml', '--yes'],
    ])
      expect(await run(args)).toMatchObject({
        code: exitCodes.notFound,
        err: expect.stringContaining('D-9999'),
      });
    expect(await countPlans()).toBe(0);
  });

  it.each([
    ['no YAML', 'a: [', 'split.yaml'],
    ['another format', 'apiVersion: spillway/v9\nconnection: a\ndiversion: {}\n', 'apiVersion'],
    [
      'a misspelled key',
      'apiVersion: spillway/v1\nconection: a\ndiversion: {}\n',
      'Did you mean “connection”?',
    ],
    ['nothing', '', 'split.yaml'],
  ])('refuses %s', async (_, text, named) => {
    writeFileSync(join(folder, 'split.yaml'), text);
    expect(await run(['plan', '-f', 'split.yaml'])).toMatchObject({
      code: exitCodes.invalid,
      err: expect.stringContaining(named),
    });
  });

  it('takes folders, and refuses a file that does not exist', async () => {
    mkdirSync(join(folder, 'diversions'));
    writeFile('diversions/a.yaml');
    writeFile('diversions/b.yml', { name: 'Other' });
    writeFileSync(join(folder, 'diversions/README.md'), '# Diversions');
    expect(JSON.parse((await run(['plan', '-f', 'diversions', '--json'])).out)).toHaveLength(2);
    expect((await run(['plan', '-f', 'missing.yaml'])).code).toBe(exitCodes.invalid);
  });

  it('exits with a code of its own if the preflight blocks', async () => {
    await context.db.delete(estates);
    const loadBalancers = [
      testLoadBalancer('lb-cvm'),
      testLoadBalancer('lb-scf', { vips: ['127.77.1.2'], isolated: true }),
    ];
    await context.connect('sandbox', 'sandbox', testEstate({ loadBalancers }));
    const file = writeFile();
    expect(await run(['plan', '-f', file])).toMatchObject({
      code: exitCodes.blocked,
      out: expect.stringContaining('BLOCK'),
    });
    expect((await run(['preflight', '-f', file])).code).toBe(exitCodes.blocked);
    expect((await run(['apply', '-f', file, '--yes'])).code).toBe(exitCodes.blocked);
    expect(await countPlans()).toBe(0);
  });

  it('names the safety rule that refuses a plan or its start, and who may change it', async () => {
    const stored = (rule: object) => {
      const parsed = SafetyRule.parse({ name: 'Sale is on', match: { domains: ['*'] }, ...rule });
      return { name: parsed.name, rule: parsed, createdBy: 'sari', changedBy: 'sari' };
    };
    const file = writeFile();
    await context.db.insert(safetyRules).values(stored({ kind: 'protected', approvals: null }));
    expect(await run(['plan', '-f', file])).toMatchObject({
      code: exitCodes.blocked,
      out: expect.stringMatching(/“Sale is on” refuses this: .* is protected. Administrators can change/),
    });
    await context.db.delete(safetyRules);
    await context.db.insert(safetyRules).values(stored({ kind: 'gating', condition: 'gate' }));
    expect(await run(['plan', '-f', file])).toMatchObject({
      code: 0,
      out: expect.stringContaining('its gate is off'),
    });
    expect(await run(['apply', '-f', file, '--yes'])).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringMatching(/“Sale is on” refuses this: its gate is off/),
    });
    expect((await run(['apply', '-f', file, '--yes'])).err).toContain(
      'Administrators can switch the gate on in Settings.',
    );
    // Each of them would have stored a diversion.
    expect(await countPlans()).toBe(1);
  });
});

describe('apply', () => {
  it('applies the reviewed plan of a file, as a revision of its diversion', async () => {
    const file = writeFile();
    expect((await run(['plan', '-f', file, '--out', 'plan.json'])).code).toBe(0);
    const { code, out } = await run(['apply', '-f', file, '--plan', 'plan.json', '--json']);
    expect(code).toBe(0);
    const [{ planId, runId }] = JSON.parse(out);
    expect((await run(['diversions'])).out).toContain(runId);
    expect((await run(['plan', planId])).out).toContain(planId);
  });

  it('refuses a plan that differs from the reviewed one, shows it, and stores nothing', async () => {
    const file = writeFile();
    await run(['plan', '-f', file, '--out', 'plan.json']);
    const records = [testRecord(11, 'shop', '127.77.1.1'), testRecord(12, 'flash', '127.77.1.9')];
    await context.connect('sandbox', 'sandbox', testEstate({ records }));
    const { code, err } = await run(['apply', '-f', file, '--plan', 'plan.json']);
    expect(code).toBe(exitCodes.differs);
    expect(err).toContain('**Apply**');
    expect(err).toContain('differs from the reviewed one');
    expect((await run(['apply', '-f', file, '--expect', '0'.repeat(64)])).code).toBe(exitCodes.differs);
    expect((await run(['apply', '-f', writeFile('b.yaml'), '--plan', 'plan.json'])).code).toBe(
      exitCodes.differs,
    );
    expect(await countPlans()).toBe(0);
  });

  it('needs to know what was reviewed', async () => {
    const file = writeFile();
    expect((await run(['apply', '-f', file])).code).toBe(exitCodes.usage);
    expect((await run(['apply', '-f', file, '--yes', '--expect', '1'])).code).toBe(exitCodes.usage);
    expect((await run(['apply', '-f', file, '--yes'])).code).toBe(0);
  });

  it('applies a stored plan by its hash, once', async () => {
    const { id, hash } = await context.plan(testSplit(), 'sandbox');
    expect((await run(['apply', id, '--hash', 'f'.repeat(64)])).code).toBe(exitCodes.differs);
    expect(await run(['apply', id, '--hash', hash])).toMatchObject({
      code: 0,
      out: expect.stringMatching(/^R-\d+\n$/),
    });
    expect(await run(['apply', id])).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining('already been applied'),
    });
  });

  it('approves and schedules a plan', async () => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    expect(await run(['approve', id, '--name', 'Sari'])).toMatchObject({ code: 0 });
    const times = ['--t0', '2030-12-12T00:00:00+07:00', '--t1', '2030-12-12T04:00:00+07:00'];
    expect((await run(['schedule', id, '--t0', 'tomorrow'])).code).toBe(exitCodes.usage);
    const { code, out } = await run(['schedule', id, ...times]);
    expect(code).toBe(0);
    expect((await run(['schedule'])).out).toContain(`${out.trim()}  `);
    expect((await run(['schedule'])).out).toContain('2030-12-11T17:00:00.000Z');
  });

  it.each([
    [[], ['probeFailures', 'errorRate', 'latency'], undefined],
    [['--without-guard', 'errorRate', 'latency'], ['probeFailures'], ['errorRate', 'latency']],
  ])('schedules a plan with the guards of the policy; given %j, with %j', async (more, guards, left) => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    const { code, err } = await run(['schedule', id, '--t0', '2030-12-12T00:00:00Z', ...more]);
    expect(code).toBe(0);
    expect(err).toBe(left === undefined ? '' : "Without the policy's guards: errorRate, latency\n");
    const [row] = await context.db.select({ cutover: runs.cutover }).from(runs);
    expect(row?.cutover?.guards.map(({ measure }) => measure)).toEqual(guards);
    expect(row?.cutover?.withoutGuards).toEqual(left);
    const { rows } = await context.db.execute<{ content: string }>(
      sql`select content from audit_entry where content like '%' || ${id} || '%'`,
    );
    const isAudited = rows.some(({ content }) => content.includes('"errorRate, latency"'));
    expect(isAudited).toBe(left !== undefined);
  });

  it.each(ReadyPolicy.shape.otherwise.unwrap().options)('schedules a plan that may %s', async (action) => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    const times = ['--t0', '2030-12-12T00:00:00Z', '--ready-wait', '60'];
    expect(await run(['schedule', id, ...times, '--if-not-ready', action])).toMatchObject({ code: 0 });
    const [row] = await context.db.select({ cutover: runs.cutover }).from(runs);
    expect(row?.cutover?.readiness).toEqual({ percent: 100, waitS: 60, otherwise: action });
  });

  it('requests an approval, and says what is missing and who has declined', async () => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    expect((await run(['request-approval', id])).err).toContain('needs no approvals');
    await requireApprovals(context.db, 1);
    const message = ['--message', 'For the sale.'];
    expect((await run(['request-approval', id, ...message])).out).toContain(`Requested approval of ${id}`);
    expect((await run(['request-approval', id, '--from', 'nobody@example.com'])).code).not.toBe(0);
    expect((await run(['decline', id, '--name', 'Budi', '--reason', 'Too fast.'])).code).toBe(0);
    await run(['approve', id, '--name', 'Sari']);
    expect((await run(['apply', id])).err).toContain(`declined plan ${id}`);
    await run(['approve', id, '--name', 'Budi']);
    expect((await run(['apply', id])).code).toBe(0);
  });

  it('exports a plan', async () => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    expect((await run(['export', id])).out).toContain('"format": 1');
    await run(['export', id, '--form', 'terraform', '-o', 'plan.tf']);
    expect(readFileSync(join(folder, 'plan.tf'), 'utf8')).toContain('resource');
  });
});

describe('rehearse', () => {
  /** Carries out the rehearsals that are queued, as a worker does. */
  const work = async () => {
    for (const { id } of await context.db.select({ id: rehearsals.id }).from(rehearsals))
      await runRehearsal(
        {
          db: context.db,
          rehearse: async (input) => finishRehearsal(await fireDrill(input)),
          onError: () => {},
        },
        id,
      );
  };
  const plan = async () => {
    await run(['apply', '-f', writeFile(), '--yes']);
    const [row] = await context.db.select({ id: plans.id }).from(plans);
    return row?.id ?? '';
  };

  it('rehearses a plan, and says which goals it meets', async () => {
    const { code, out, err } = await run(['rehearse', await plan(), '--peak', '50'], { sleep: work });
    expect({ code, out, err }).toMatchObject({ code: 0, out: expect.stringContaining('goals met') });
    expect(out).toContain('met     lostShare');
    expect(err).toMatch(/Rehearsing P-\d+ as H-/);
  });

  it('fires a drill, and tells the share of events that met their goals, and the worst', async () => {
    const args = [
      '--peak',
      '50',
      '--seed',
      '3',
      '--events',
      '3',
      '--faults',
      '1',
      '--fault',
      'functionFails',
    ];
    const { code, out, err } = await run(['rehearse', await plan(), ...args], { sleep: work });
    expect({ code, out, err }).toMatchObject({ code: exitCodes.runFailed });
    expect(out).toMatch(/\d of 3 events met their goals \(95 % interval: [\d.]+ % to [\d.]+ %\)/);
    expect(out).toMatch(/the worst event has the seed [345]:/);
    const [row] = await context.db.select().from(rehearsals);
    expect(row?.input.settings).toMatchObject({ events: 3, faults: { kinds: ['functionFails'], count: 1 } });
  });

  it('refuses a number of events that no drill has, and an unknown kind of fault', async () => {
    const id = await plan();
    expect(await run(['rehearse', id, '--events', '101'])).toMatchObject({
      code: exitCodes.invalid,
      err: expect.stringContaining('Enter a whole number of events from 1 to 100.'),
    });
    const unknown = await run(['rehearse', id, '--faults', '1', '--fault', 'flood']);
    expect(unknown.code).toBe(exitCodes.invalid);
  });

  it('sends commands of operators with their times, and fails if the rehearsal is canceled', async () => {
    const { id } = await context.plan(testSplit({ provisioned: 5 }), 'sandbox');
    const commands = ['--command', 'pause@-60', '--command', 'rollback@300'];
    const cancel = async () => {
      await context.db.update(rehearsals).set({ state: 'canceled' });
    };
    const ended = await run(['rehearse', id, ...commands], { sleep: cancel });
    expect(ended).toMatchObject({ code: exitCodes.failed, err: expect.stringContaining('was canceled') });
    const [stored] = await context.db.select().from(rehearsals);
    expect(stored?.input.settings.commands).toEqual([
      { kind: 'pause', atS: -60 },
      { kind: 'rollback', atS: 300 },
    ]);
    expect((await run(['rehearse', id, '--command', 'rollback'])).err).toContain('such as rollback@300');
    expect((await run(['rehearse', id, '--command', 'explode@3'])).code).not.toBe(0);
  });
});

describe('watch', () => {
  const stamp = { at: '2026-12-12T00:00:00.000Z', direction: 'apply' } as const;

  it('reports each change of a run, and ends with it', async () => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    const { out } = await run(['apply', id]);
    const work = [
      async () => write(out.trim(), { type: 'started', actor: 'local', attempt: 1, ...stamp }),
      async () => write(out.trim(), { type: 'finished', result: 'done', ...stamp }),
    ];
    const ended = await run(['watch', out.trim()], { sleep: async () => work.shift()?.() });
    expect(ended.code).toBe(0);
    expect(ended.err).toMatch(/R-\d+: queued\n[\s\S]*R-\d+: applying\n[\s\S]*R-\d+: done\n/);
  });

  const breach = {
    guard: { measure: 'errorRate', limit: 1, forS: 60, outcome: 'rollback' },
    value: 5,
    since: stamp.at,
  } as const;
  it.each([
    ['a guard', { kind: 'guard', breach }, exitCodes.runFailed],
    ['a missed T0', { kind: 'missedT0', lateMs: 9000 }, exitCodes.runFailed],
    ['its T1', { kind: 'T1' }, exitCodes.done],
  ] as const)('of a run that was rolled back by %s ends with the code of that', async (_, why, code) => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    const { out } = await run(['apply', id]);
    const back = { at: stamp.at, direction: 'rollback' } as const;
    await write(out.trim(), { type: 'started', actor: 'local', attempt: 1, ...stamp });
    await write(out.trim(), { type: 'rollback', why, ...back });
    const finish = async () => write(out.trim(), { type: 'finished', result: 'rolledBack', ...back });
    // Watched from the rollback on, and after its end.
    expect((await run(['watch', out.trim()], { sleep: finish })).code).toBe(code);
    expect((await run(['watch', out.trim()])).code).toBe(code);
  });

  it('fails if the run is stopped', async () => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    const runId = (await run(['apply', id])).out.trim();
    const stepId = StepId.parse('s1');
    await write(runId, { type: 'started', actor: 'local', attempt: 1, ...stamp });
    await write(runId, { type: 'stopped', stepId, reason: { kind: 'internal', message: 'x' }, ...stamp });
    expect(await run(['watch', runId])).toMatchObject({
      code: exitCodes.runFailed,
      err: expect.stringContaining(`${runId} is stopped.`),
    });
    expect(await run(['rollback', runId, '--reason', 'test'])).toMatchObject({ code: 0 });
    expect((await run(['rollback', 'R-9999'])).code).toBe(exitCodes.notFound);
  });

  async function write(runId: string, event: Parameters<typeof context.write>[1]): Promise<void> {
    const id = runId as Parameters<typeof context.write>[0];
    await context.write(id, event);
  }
});

const silent: Terminal = {
  env: {},
  cwd: '/',
  write: () => {},
  writeError: () => {},
  readSecret: async () => '',
  sleep: async () => {},
};

describe('completion', () => {
  it.each(['bash', 'zsh', 'fish'])('of %s has each command', async (shell) => {
    const { code, out } = await run(['completion', shell]);
    expect(code).toBe(0);
    for (const command of buildProgram(silent).commands) expect(out).toContain(command.name());
    expect(out).toContain('places history scenario advice');
  });

  it('refuses a shell that it does not know', async () => {
    expect((await run(['completion', 'tcsh'])).code).toBe(exitCodes.usage);
  });
});
