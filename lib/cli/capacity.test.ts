import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseSeries } from '@/lib/capacity/demand/parse-series';
import { apiTokens, trafficHistories } from '@/lib/db/schema';
import { invariant } from '@/lib/invariant';
import { createToken } from '@/lib/server/auth/change-tokens';
import { eventFunction, saleScenario } from '@/testing/capacity/sale-scenario';
import { testSplit } from '@/testing/plan/test-estate';
import { startTestApi } from '@/testing/server/test-api';
import { testContext } from '@/testing/server/test-context';
import { exitCodes } from './base/exit-codes';
import type { Terminal } from './base/terminal';
import { runCli } from './run-cli';

/* `spillway capacity` against the API, over HTTP, on a real database. The test writes what a worker would read. */

const context = testContext();
let server: Awaited<ReturnType<typeof startTestApi>>;
let token = '';
const folder = mkdtempSync(join(tmpdir(), 'spillway-cli-'));
beforeAll(async () => {
  server = await startTestApi();
  const made = await createToken({ name: 'CLI', role: 'viewer', days: 1 });
  invariant(made.ok, 'the local user may create tokens');
  token = made.value.token;
});
afterAll(async () => {
  await context.db.delete(apiTokens);
  await server.stop();
  rmSync(folder, { recursive: true });
});
beforeEach(async () => {
  await context.clear();
  await context.connect('sandbox');
});

async function run(args: readonly string[], sleep: () => Promise<void> = async () => {}) {
  let [out, err] = ['', ''];
  const terminal: Terminal = {
    env: { HOME: folder, SPILLWAY_URL: `http://127.0.0.1:${server.port}`, SPILLWAY_TOKEN: token },
    cwd: folder,
    write: (text) => {
      out += text;
    },
    writeError: (text) => {
      err += text;
    },
    readSecret: async () => '',
    sleep,
  };
  return { code: await runCli(['capacity', ...args], terminal), out, err };
}

const hourMs = 3_600_000;
const until = Math.floor(Date.now() / hourMs) * hourMs - hourMs;
const span = ['--from', new Date(until - hourMs).toISOString(), '--to', new Date(until).toISOString()];

async function findPlace() {
  const { out } = await run(['places', 'sandbox', '--search', 'shop.example', '--json']);
  const [first] = JSON.parse(out).places;
  return first.place;
}

async function readShop(args: readonly string[] = [], sleep?: () => Promise<void>) {
  const { region, loadBalancerId, listenerId, domain } = await findPlace();
  const of = ['--region', region, '--load-balancer', loadBalancerId, '--listener', listenerId];
  return run(['history', 'sandbox', ...of, '--domain', domain, ...span, ...args], sleep);
}

/** Stores what a worker reads, in place of one. */
const answer = (value: Partial<typeof trafficHistories.$inferInsert>) => async () => {
  await context.db.update(trafficHistories).set({ readAt: new Date(), ...value });
};

describe('capacity places', () => {
  it('lists load balancers and domains with what history needs', async () => {
    const { out } = await run(['places', 'sandbox']);
    expect(out).toMatch(/^REGION +LOAD BALANCER +LISTENER +DOMAIN +PATH +NAME\n/);
    expect(out).toMatch(/lb-\S+ +lbl-\S+ \(HTTPS?:\d+\) +shop\.example\.co\.id +- /);
    expect((await run(['places', 'nobody'])).code).toBe(exitCodes.notFound);
  });
});

describe('capacity history', () => {
  it('waits for the worker, and writes CSV that Capacity imports', async () => {
    const from = new Date(until - hourMs).toISOString();
    const done = answer({ state: 'done', content: { from, periodS: 60, rps: [1.5, null, 3] } });
    const read = await readShop(['-o', 'event.csv'], done);
    expect(read).toMatchObject({ code: 0, out: '' });
    expect(read.err).toBe(
      'A worker is reading Monitor.\n1 of 3 periods have no value; the CSV has 0 for them.\n',
    );
    const csv = readFileSync(join(folder, 'event.csv'), 'utf8');
    expect(parseSeries(csv)).toMatchObject({
      ok: true,
      firstAt: from,
      demand: { intervalS: 60, rps: [1.5, 0, 3] },
    });
    expect(JSON.parse((await readShop(['--json'])).out)).toEqual({ from, periodS: 60, rps: [1.5, null, 3] });
  });

  it('says what Monitor refused, why it is not asked, and what is wrong with a time', async () => {
    const error = {
      code: 'AuthFailure',
      message: 'not allowed',
      requestId: 'req-7',
      action: 'GetMonitorData',
      region: 'ap-jakarta',
      mayHaveHappened: false,
      advice: 'giveUp',
    } as const;
    expect(await readShop([], answer({ state: 'failed', error }))).toMatchObject({
      code: exitCodes.failed,
      err: expect.stringMatching(/AuthFailure not allowed\n {2}Request req-7/),
    });
    const turned = await readShop(['--to', new Date(until - 2 * hourMs).toISOString()]);
    expect(turned).toMatchObject({
      code: exitCodes.refused,
      err: expect.stringContaining('after the start'),
    });
    expect(await readShop(['--from', '2026-11-11'])).toMatchObject({ code: exitCodes.usage });
    expect(await run(['history', 'sandbox'])).toMatchObject({ code: exitCodes.usage });
  });
});

describe('capacity scenario and advice', () => {
  it('print the event of a plan, and advise on it', async () => {
    const { id } = await context.plan(testSplit(), 'sandbox');
    expect((await run(['scenario', id, '-o', 'plan.json'])).err).toMatch(/^Assumed: peak/);
    const advised = await run(['advice', '-f', 'plan.json']);
    expect(advised).toMatchObject({ code: 0, err: '' });
    expect(advised.out).toMatch(/^Without changes, the event (meets|misses) its goals: /);
    expect((await run(['advice', id])).out).toMatch(/^Without changes, the event /);
    expect((await run(['advice', 'P-9999'])).code).toBe(exitCodes.notFound);
  });

  it('exit otherwise if the event misses its goals, with what keeps them', async () => {
    const cold = saleScenario({ functions: [eventFunction({ provisioned: [] })] });
    writeFileSync(join(folder, 'sale.json'), JSON.stringify(cold));
    const { code, out } = await run(['advice', '-f', 'sale.json', '--exit-code']);
    expect(code).toBe(exitCodes.runFailed);
    expect(out).toMatch(
      /Provision [\d,]+ instances, and start prewarm at -?\d+ s at the latest; warming up takes [\d,]+ s\.\n {2}ap-singapore\/sale: /,
    );
    expect(out).toMatch(/With the advice, it meets its goals/);
    const { advised } = JSON.parse((await run(['advice', '-f', 'sale.json', '--json'])).out);
    writeFileSync(join(folder, 'advised.json'), JSON.stringify(advised.scenario));
    expect((await run(['advice', '-f', 'advised.json', '--exit-code'])).code).toBe(0);
  });

  it('name the field of a file that is not valid', async () => {
    writeFileSync(join(folder, 'wrong.json'), JSON.stringify({ ...saleScenario(), durationS: -1 }));
    expect(await run(['advice', '-f', 'wrong.json'])).toMatchObject({
      code: exitCodes.invalid,
      err: expect.stringContaining('durationS: '),
    });
    writeFileSync(join(folder, 'text.json'), 'no JSON');
    expect((await run(['advice', '-f', 'text.json'])).code).toBe(exitCodes.invalid);
    expect((await run(['advice', '-f', 'none.json'])).code).toBe(exitCodes.invalid);
    expect((await run(['advice'])).code).toBe(exitCodes.usage);
    expect((await run(['advice', 'P-0001', '-f', 'text.json'])).code).toBe(exitCodes.usage);
  });
});
