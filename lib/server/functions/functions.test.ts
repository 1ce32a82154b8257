import { eq, sql } from 'drizzle-orm';
import { beforeEach, describe, expect, it } from 'vitest';
import {
  changeFreezes,
  deployments,
  emergencyStops,
  functionChanges,
  functionReadings,
  runEvents,
  safetyRules,
} from '@/lib/db/schema';
import type { FunctionPart } from '@/lib/estate/functions/function-reading';
import { invariant } from '@/lib/invariant';
import type { RunEvent } from '@/lib/run/model/model';
import type { RunId } from '@/lib/run/model/run-id';
import { SafetyRule } from '@/lib/safety/safety-rule';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { addSafetyRule, setSafetyGate } from '@/lib/server/safety/change-safety-rules';
import { testAccount, testBound, testEstate, testFunction, testRule } from '@/testing/plan/test-estate';
import { requireApprovals } from '@/testing/server/require-approvals';
import { testContext } from '@/testing/server/test-context';
import {
  deleteAlias,
  deleteFunction,
  deleteVersion,
  publishVersion,
  setAlias,
  setProvisioned,
} from './change-function';
import { deployFunction } from './deploy-function';
import { getFunction } from './get-function';
import { listFunctions } from './list-functions';
import { readFunctionPart } from './read-function-part';

/*
 * The verbs and queries about functions on a real database and the real engine's client; no worker executes the work.
 */

const context = testContext();

const [first] = testEstate().functions;
invariant(first !== undefined, 'the estate of the tests has a function');
const fn = first;
const id = { region: fn.region, namespace: fn.namespace, name: fn.name };
const about = { connectionId: 'test', ...id, reason: 'Sale' };
const change = { kind: 'publish', description: '' } as const;
const refusal = (message: string) => ({ ok: false, error: { form: { message: `function.${message}` } } });

/** The estate with an alias `live` of the function; rules call the function by these qualifiers. */
function usedEstate(qualifiers: readonly string[] = [], more: object = {}) {
  const aliases = [{ name: 'live', version: '1', additional: null }];
  const rules = qualifiers.map((qualifier, index) =>
    testRule(`loc-used-${index}`, 'lb-scf', 'flash.example.co.id', {
      url: `/${index}`,
      functions: [{ ...testBound, qualifier }],
    }),
  );
  return testEstate({
    functions: [testFunction({ aliases, ...more })],
    rules: [...(qualifiers.length > 0 ? rules : testEstate().rules)],
  });
}

async function seed(estate = usedEstate()) {
  await context.clear();
  await context.db.delete(deployments);
  await context.connect('test', 'sandbox', estate);
}

beforeEach(() => seed());

const stored = () => context.db.select().from(functionChanges);

describe('a change of a function', () => {
  it('is stored with its actor and reason, and submitted to the worker', async () => {
    const answer = await publishVersion({ ...about, change });
    expect(answer).toMatchObject({ ok: true });
    expect(await stored()).toMatchObject([
      { ...id, change, reason: 'Sale', actor: 'local', state: 'running', error: null },
    ]);
    const [row] = await stored();
    const { rows } = await context.db.execute(
      sql`select name, queue_name as queue from dbos.workflow_status where workflow_uuid = ${row?.id}`,
    );
    expect(rows).toEqual([{ name: 'functionChange', queue: 'functions' }]);
  });

  it('needs a reason and an existing function', async () => {
    expect(await publishVersion({ ...about, reason: ' ', change })).toMatchObject({
      error: { fields: { reason: ['reason.missing'] } },
    });
    expect(await publishVersion({ ...about, name: 'none', change })).toMatchObject(refusal('gone'));
  });

  it('is refused while all changes are paused, as deployments are', async () => {
    await context.db.insert(emergencyStops).values({ actor: 'Sari', reason: 'Sale is over' });
    const paused = {
      error: {
        form: { message: 'emergencyStop.stopped', values: { actor: 'Sari', reason: 'Sale is over' } },
      },
    };
    expect(await publishVersion({ ...about, change })).toMatchObject(paused);
    const { runtime, memoryMb, timeoutS } = fn;
    const spec = { ...id, runtime, memoryMb, timeoutS, handler: 'index.main_handler', code: 'x' };
    expect(await deployFunction({ connectionId: 'test', ...spec })).toMatchObject(paused);
    expect([await stored(), await context.db.select().from(deployments)]).toEqual([[], []]);
  });

  describe('is judged by the safety rules', () => {
    const flash = { domains: ['flash.*'] };
    const alias = {
      kind: 'setAlias',
      alias: 'live',
      before: { version: '1', additional: null },
      after: { version: '$LATEST', additional: null },
    } as const;
    const closed = ((hour) => ({
      kind: 'daily',
      fromMinute: hour * 60,
      toMinute: hour * 60 + 60,
      zone: 'UTC',
    }))((new Date().getUTCHours() + 12) % 24);
    const add = (rule: object) => addSafetyRule({ rule: SafetyRule.parse({ name: 'Sale', ...rule }) });
    const refusedBy = (values: object) => ({
      ok: false,
      error: { form: { message: 'plan.safetyRule', values: { rule: 'Sale', ...values } } },
    });

    it.each([
      ['never', { kind: 'protected', match: flash, approvals: null }, 'administrator'],
      ['approvals', { kind: 'protected', match: flash, approvals: 2 }, 'administrator'],
      ['gate', { kind: 'gating', match: flash, condition: 'gate', switchedBy: 'operator' }, 'operator'],
      ['hours', { kind: 'hours', match: flash, windows: [closed] }, 'administrator'],
    ])('of a domain that the alias serves: %s', async (why, rule, may) => {
      await seed(usedEstate(['live', '1']));
      await add(rule);
      const violated = refusedBy({ why, may });
      expect(await setAlias({ ...about, change: alias })).toMatchObject(violated);
      const instances = { kind: 'setProvisioned', version: '1', before: 2, after: 0 } as const;
      expect(await setProvisioned({ ...about, change: instances })).toMatchObject(violated);
      const { runtime, memoryMb, timeoutS } = fn;
      const spec = { ...id, runtime, memoryMb, timeoutS, handler: 'index.main_handler', code: 'x' };
      expect(await deployFunction({ connectionId: 'test', ...spec })).toMatchObject(violated);
      expect([await stored(), await context.db.select().from(deployments)]).toEqual([[], []]);
      // Calls reach neither a version that is only published, nor another alias.
      expect(await publishVersion({ ...about, change })).toMatchObject({ ok: true });
      const other = { ...alias, alias: 'next', before: null };
      expect(await setAlias({ ...about, change: other })).toMatchObject({ ok: true });
    });

    it('also if it serves no domain, by rules for all domains, whose gate may be switched', async () => {
      await add({ kind: 'gating', match: {}, condition: 'gate' });
      expect(await publishVersion({ ...about, change })).toMatchObject(refusedBy({ why: 'gate' }));
      const [rule] = await context.db.select().from(safetyRules);
      invariant(rule !== undefined, 'the rule was added');
      await setSafetyGate({ id: rule.id, isOn: true, reason: 'released' });
      expect(await publishVersion({ ...about, change })).toMatchObject({ ok: true });
    });
  });

  it('is refused during a change freeze', async () => {
    const hourMs = 3_600_000;
    const [from = '', to = ''] = [-hourMs, hourMs].map((ms) => new Date(Date.now() + ms).toISOString());
    const span = { kind: 'once', from, to } as const;
    await context.db.insert(changeFreezes).values({ name: 'Harbolnas', span, createdBy: 'Sari' });
    expect(await publishVersion({ ...about, change })).toMatchObject(refusal('frozen'));
  });

  it('is refused if the key has no permission', async () => {
    const permissions = { source: 'cam', allowed: [], denied: ['scf:DeleteFunction'] };
    await seed(testEstate({ account: testAccount({ permissions }) }));
    expect(await deleteFunction({ ...about, typedName: fn.name })).toMatchObject(refusal('denied'));
    expect(await publishVersion({ ...about, change })).toMatchObject({ ok: true });
  });

  it('is refused above the free memory, and accepted within it', async () => {
    const more = (after: number) => ({
      ...about,
      change: { kind: 'setProvisioned', version: '1', before: 0, after } as const,
    });
    await seed(usedEstate([], { reservedMb: fn.memoryMb * 2, provisioned: [] }));
    expect(await setProvisioned(more(3))).toMatchObject(refusal('noRoom'));
    expect(await setProvisioned(more(2))).toMatchObject({ ok: true });
    expect(await setProvisioned(more(-1))).toMatchObject({
      error: { fields: { 'change.after': ['instances.invalid'] } },
    });
  });
});

describe('deleting', () => {
  it('requires the name to be typed', async () => {
    expect(await deleteFunction({ ...about, typedName: 'other' })).toMatchObject({
      error: { fields: { typedName: ['typedName.differs'] } },
    });
    expect(await deleteFunction({ ...about, typedName: fn.name })).toMatchObject({ ok: true });
  });

  it('is refused for parts that a rule uses, with the rules', async () => {
    await seed(usedEstate(['live', '1']));
    const used = await deleteFunction({ ...about, typedName: fn.name });
    expect(used).toMatchObject(refusal('used'));
    expect(JSON.stringify(used)).toContain('(live)');
    expect(
      await deleteVersion({ ...about, typedName: '1', change: { kind: 'deleteVersion', version: '1' } }),
    ).toMatchObject(refusal('used'));
    const before = { version: '1', additional: null };
    expect(
      await deleteAlias({
        ...about,
        typedName: 'live',
        change: { kind: 'deleteAlias', alias: 'live', before },
      }),
    ).toMatchObject(refusal('used'));
    expect(await stored()).toEqual([]);
  });

  it('is refused while a run routes traffic to the function', async () => {
    const plan = await context.plan();
    const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
    invariant(applied.ok, 'the plan is applied');
    expect(await deleteFunction({ ...about, typedName: fn.name })).toMatchObject(refusal('busy'));
    expect(await publishVersion({ ...about, change })).toMatchObject(refusal('busy'));
    await finish(applied.value.runId);
    expect(await deleteFunction({ ...about, typedName: fn.name })).toMatchObject({ ok: true });
  });
});

describe('an alias', () => {
  const move = {
    kind: 'setAlias',
    alias: 'live',
    before: { version: '1', additional: null },
    after: { version: '1', additional: { version: '$LATEST', percent: 10 } },
  } as const;

  it('that serves traffic is not moved without the approvals that plans need', async () => {
    const live = [
      { kind: 'clb', name: 'clb', enabled: true, setting: '', description: '', qualifier: 'live' },
    ];
    await seed(usedEstate(['live'], { triggers: live }));
    expect(await setAlias({ ...about, change: move })).toMatchObject({ ok: true });
    await requireApprovals(context.db, 1);
    expect(await setAlias({ ...about, change: move })).toMatchObject(refusal('needsApproval'));
  });

  it('can’t route additional calls to its own version, nor all calls', async () => {
    const to = (version: string, percent: number) => ({
      ...about,
      change: { ...move, after: { version: '1', additional: { version, percent } } },
    });
    expect(await setAlias(to('1', 10))).toMatchObject({
      error: { fields: { 'change.after.additional.version': ['additional.same'] } },
    });
    expect(await setAlias(to('2', 100))).toMatchObject({
      error: { fields: { 'change.after.additional.percent': ['share.invalid'] } },
    });
  });
});

describe('the list of functions', () => {
  const list = (query = '', connectionId = 'test') => listFunctions({ connectionId, query });

  it('returns one page of the filtered functions, in order, with the counts of all', async () => {
    const many = Array.from({ length: 450 }, (_, n) =>
      testFunction({ name: `fn-${n}`, namespace: n < 50 ? 'sale' : 'shop' }),
    );
    await seed(testEstate({ functions: many }));
    const first = await list('sort=name&order=desc');
    expect(first).toMatchObject({ found: 450, total: 450, namespaces: ['sale', 'shop'] });
    expect(first?.rows).toHaveLength(100);
    expect(first?.rows[0]?.name).toBe('fn-449');
    const last = await list('namespace=sale&q=fn&offset=40&limit=200');
    expect(last).toMatchObject({ found: 50, total: 450 });
    expect(last?.rows.map(({ name }) => name)).toEqual(Array.from({ length: 10 }, (_, n) => `fn-${n + 40}`));
    await expect(list('limit=201')).rejects.toThrow();
  });

  it('includes the counted calls, and sorts by them', async () => {
    await seed(testEstate({ functions: [testFunction({ name: 'quiet' }), testFunction({ name: 'busy' })] }));
    expect(await list()).toMatchObject({
      counts: { state: 'running', error: null },
      rows: [{ calls: null }, { calls: null }],
    });
    const content = [{ region: fn.region, namespace: fn.namespace, name: 'busy', calls: 1200, errors: 3 }];
    await context.db.update(functionReadings).set({ state: 'done', content });
    const counted = await list('sort=calls&order=desc');
    expect(counted?.counts.state).toBe('done');
    expect(counted?.rows.map(({ name, calls, errors }) => [name, calls, errors])).toEqual([
      ['busy', 1200, 3],
      ['quiet', null, null],
    ]);
  });

  it('marks functions that no rule uses', async () => {
    await seed(usedEstate(['live']));
    const found = await list();
    const use = Object.fromEntries((found?.rows ?? []).map(({ name, ruleCount }) => [name, ruleCount]));
    expect(use[fn.name]).toBe(1);
    expect(Object.values(use).reduce((sum, count) => sum + count, 0)).toBe(1);
    expect(await list('', 'none')).toBeNull();
  });

  it('includes the rolled-back run that has left a function unused', async () => {
    const plan = await context.plan();
    const applied = await applyPlan({ planId: plan.id, hash: plan.hash, typedDomain: null });
    invariant(applied.ok, 'the plan is applied');
    const { runId } = applied.value;
    const leftBy = async () => (await list())?.rows.flatMap((each) => each.leftBy?.runId ?? []);
    expect(await leftBy()).toEqual([]);
    await finish(runId);
    expect(await leftBy()).toEqual([runId]);
  });
});

async function finish(runId: RunId): Promise<void> {
  const at = new Date().toISOString();
  const events: readonly object[] = [
    { type: 'started', actor: 'local', attempt: 1, at, direction: 'apply' },
    { type: 'finished', result: 'rolledBack', at, direction: 'rollback' },
  ];
  for (const event of events) await context.db.insert(runEvents).values({ runId, event: event as RunEvent });
}

describe('the page of a function', () => {
  it('has its rules, and the changes and deployments by Spillway, newest first', async () => {
    await seed(usedEstate(['live']));
    await publishVersion({ ...about, change });
    await context.db.update(functionChanges).set({ state: 'done', version: '7' });
    const spec = { ...id, runtime: '', handler: '', code: '', memoryMb: 128, timeoutS: 3 };
    await context.db
      .insert(deployments)
      .values({ id: 'd-1', connectionId: 'test', spec, state: 'running', stage: 'waiting', actor: 'Sari' });
    const view = await getFunction({ connectionId: 'test', ...id });
    expect(view).toMatchObject({
      function: { name: fn.name },
      uses: [{ qualifier: 'live' }],
      history: [
        { actor: 'Sari', what: { kind: 'deploy' }, state: 'running', stage: 'waiting' },
        { actor: 'local', what: { kind: 'publish' }, state: 'done', version: '7', reason: 'Sale' },
      ],
    });
    expect(await getFunction({ connectionId: 'test', ...id, name: 'none' })).toBeNull();
  });
});

describe('a part of a function', () => {
  const read = (part: FunctionPart, name = id.name) =>
    readFunctionPart({ connectionId: 'test', ...id, name, part });
  const asked = async () => {
    const { rows } = await context.db.execute<{ count: number }>(
      sql`select count(*)::int as count from dbos.workflow_status where name = 'functionReading'`,
    );
    return rows[0]?.count ?? 0;
  };

  it('is requested once for several pages, and again when it is too old', async () => {
    const before = await asked();
    const running = { state: 'running', content: null, readAt: null, error: null };
    expect(await Promise.all([read({ part: 'versions' }), read({ part: 'versions' })])).toEqual([
      running,
      running,
    ]);
    expect(await asked()).toBe(before + 1);
    const isIt = eq(functionReadings.key, 'versions');
    await context.db
      .update(functionReadings)
      .set({ state: 'done', content: [], readAt: new Date() })
      .where(isIt);
    expect(await read({ part: 'versions' })).toMatchObject({ state: 'done', content: [] });
    expect(await asked()).toBe(before + 1);
    await context.db
      .update(functionReadings)
      .set({ askedAt: new Date(Date.now() - 60_000) })
      .where(isIt);
    // The earlier result stays on the page until a newer one is stored.
    expect(await read({ part: 'versions' })).toMatchObject({ state: 'running', content: [] });
    expect(await asked()).toBe(before + 2);
  });

  it('accepts the parts that exist, and rejects missing objects', async () => {
    expect(await read({ part: 'calls', hours: 24 })).toMatchObject({ state: 'running' });
    expect(await read({ part: 'code', version: '999' })).toBeNull();
    expect(await read({ part: 'versions' }, 'none')).toBeNull();
    await expect(read({ part: 'calls', hours: 7 as 1 })).rejects.toMatchObject({ status: 400 });
  });
});
