import { sql } from 'drizzle-orm';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  apiTokens,
  connections,
  deployments,
  rehearsals,
  runs,
  switches,
  syncs,
  testInvocations,
  users,
} from '@/lib/db/schema';
import { defaultFailover } from '@/lib/diversion/default-failover';
import { toDraft } from '@/lib/diversion/to-draft';
import { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import { type Access, type Limits, noLimits, toAccess } from '@/lib/policy/access';
import { isInstallationWide, mayUse, type Role, roles } from '@/lib/policy/roles';
import { type QueryName, queryNames, type VerbName, verbNames } from '@/lib/policy/verbs';
import { listPathParams } from '@/lib/server/api/input-schema';
import { operations } from '@/lib/server/api/operations';
import type { Operation } from '@/lib/server/api/operations/operation';
import { readInput } from '@/lib/server/api/read-input';
import { exportAudit } from '@/lib/server/audit/export-audit';
import { saveDraft } from '@/lib/server/diversions/change-diversions';
import { listDraftOptions, openDraft, readForCreating } from '@/lib/server/diversions/check-draft';
import { listDiversions } from '@/lib/server/diversions/list-diversions';
import { getRecentRail } from '@/lib/server/operations/get-rail';
import { approvePlan } from '@/lib/server/plans/change-approvals';
import { createPlan } from '@/lib/server/plans/create-plan';
import { exportPlan } from '@/lib/server/plans/export-plan';
import { getPlan } from '@/lib/server/plans/get-plan';
import { actAs, type Caller } from '@/lib/server/request-actor';
import { applyPlan } from '@/lib/server/runs/apply-plan';
import { breakGlass } from '@/lib/server/runs/break-glass';
import { getRunRecord } from '@/lib/server/runs/get-run-record';
import { RefusedError } from '@/lib/server/verb';
import { testEstate, testSplit, testSwitch } from '@/testing/plan/test-estate';
import { testContext } from '@/testing/server/test-context';

/*
 * Each verb and each query, used by each role with limits: on objects within them, and on others. An operation without an
 * entry here, or one that reveals anything of the others, fails.
 */

const context = testContext();

/** The word that is in the names outside of the limits, and in nothing within them. */
const marker = 'secret';
/** A region outside of the limits has a name that the cloud knows. */
const hidden = /secret|ap-tokyo|ap-seoul/;

/** Rewrites a value as text. */
const rewrite = <T>(value: T, replaced: Readonly<Record<string, string>>): T =>
  JSON.parse(
    Object.entries(replaced).reduce((text, [from, to]) => text.replaceAll(from, to), JSON.stringify(value)),
  );

type Case = {
  readonly name: string;
  readonly limits: Limits;
  /** The texts that distinguish objects outside of the limits from those of the test estate. */
  readonly replaced: Readonly<Record<string, string>>;
  /** The connection of those objects. */
  readonly foreignId: string;
};

const names = { '12.12 flash split': 'secret split', 'flash switch': 'secret switch' };
const clouds = {
  'lb-': 'lb-secret-',
  'loc-': 'loc-secret-',
  'ins-': 'ins-secret-',
  storefront: 'secretfn',
  'pz-1': 'pz-secret',
};
const cases: readonly Case[] = [
  {
    name: 'a connection',
    limits: { ...noLimits, connections: ['test'] },
    replaced: { ...names, ...clouds, 'example.co.id': 'secret.test' },
    foreignId: 'secret',
  },
  {
    name: 'regions',
    limits: { ...noLimits, regions: ['ap-singapore', 'ap-jakarta'] },
    replaced: {
      ...names,
      ...clouds,
      'flash.example': 'flash2.example',
      'shop.example': 'shop2.example',
      '"flash"': '"flash2"',
      '"shop"': '"shop2"',
      'ap-singapore': 'ap-tokyo',
      'ap-jakarta': 'ap-seoul',
      '127.77.1': '127.77.2',
    },
    foreignId: 'test',
  },
  {
    name: 'domains',
    limits: { ...noLimits, domains: ['*.example.co.id'] },
    replaced: { ...names, 'example.co.id': 'secret.test', 'loc-': 'loc-secret-' },
    foreignId: 'test',
  },
];

/** The ids of stored objects, by the path parameter or the field of the API that names them. */
type Fixture = Readonly<Record<string, string>> & { readonly connectionId: string };

let deploymentCount = 0;

/** Stores one object of each kind. */
async function store({ replaced }: Pick<Case, 'replaced'>, connectionId: string): Promise<Fixture> {
  const split = rewrite(testSplit(), replaced);
  const planned = await createPlan({ connectionId, diversion: split });
  invariant(planned.ok, `a plan is stored: ${JSON.stringify(planned)}`);
  const { planId } = planned.value;
  const view = await getPlan(planId);
  invariant(view !== null, 'the plan is there');
  const approved = await approvePlan({ planId, hash: view.hash, name: 'Sari', comment: '' });
  invariant(approved.ok, `it is approved: ${JSON.stringify(approved)}`);
  const applied = await applyPlan({ planId, hash: view.hash, typedDomain: null });
  invariant(applied.ok, `it is applied: ${JSON.stringify(applied)}`);
  const draft = { ...toDraft(split), name: split.name };
  const saved = await saveDraft({ connectionId, diversionId: null, draft });
  invariant(saved.ok, 'a draft is stored');
  const [row] = await context.db
    .insert(switches)
    .values({
      connectionId,
      diversion: rewrite(testSwitch(), replaced),
      policy: defaultFailover,
      setBy: 'sari',
    })
    .returning({ id: switches.id });
  const region = rewrite('ap-singapore', replaced);
  const deploymentId = `deployment-${deploymentCount++}`;
  await context.db.insert(deployments).values({
    id: deploymentId,
    connectionId,
    spec: { region, namespace: 'flash', name: rewrite('storefront', replaced) } as never,
    state: 'done',
    actor: 'sari',
  });
  const [rehearsal] = await context.db
    .insert(rehearsals)
    .values({
      planId,
      hash: view.hash,
      input: { settings: { seed: 1, faults: { kinds: [], count: 0, given: [] } } } as never,
      state: 'queued',
      actor: 'sari',
    })
    .returning({ id: rehearsals.id });
  const exported = await exportPlan({ planId, form: 'json' });
  invariant(exported.ok, 'the plan is exported');
  return {
    connectionId,
    planId,
    planFile: exported.value.text,
    runId: applied.value.runId,
    diversionId: view.diversionId,
    draftId: saved.value.diversionId,
    switchId: row?.id ?? '',
    deploymentId,
    rehearsalId: rehearsal?.id ?? '',
    region,
    approvalId: String(view.approvals.all[0]?.id ?? (await getPlan(planId))?.approvals.all[0]?.id ?? ''),
  };
}

/** Merges two estates of one connection. */
function join(one: Estate, other: Estate): Estate {
  const merged = Object.fromEntries(
    Object.entries(one).map(([key, value]) => {
      const more: unknown = Reflect.get(other, key);
      return [key, Array.isArray(value) && Array.isArray(more) ? [...value, ...more] : value];
    }),
  );
  const unique = <T extends { id: unknown }>(all: readonly T[]) => [
    ...new Map(all.map((each) => [each.id, each])).values(),
  ];
  const parsed = Estate.parse(merged);
  return {
    ...parsed,
    regions: [...new Set(parsed.regions)],
    zones: unique(parsed.zones),
    loadBalancers: unique(parsed.loadBalancers),
    listeners: unique(parsed.listeners),
    instances: unique(parsed.instances),
  };
}

const callerOf = (access: Access, role: Role): Caller => ({
  actor: { name: `${role}@example.com`, accountId: null, role, access },
  credential: { via: 'session', id: role },
  requestId: 'r',
  address: '127.0.0.1',
  cookie: null,
  userAgent: null,
});

/** Uses an operation, and returns the answer with the code of its refusal. */
async function use(caller: Caller, run: () => Promise<unknown>): Promise<{ code: string; text: string }> {
  try {
    const answer = await actAs(caller, run);
    const text = answer instanceof Response ? '' : JSON.stringify(answer ?? null);
    const refusal = Object(answer).ok === false ? Object(answer).error?.form?.message : undefined;
    return { code: refusal ?? '', text };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { code: error.refusal.form?.message ?? '', text: JSON.stringify(error.refusal) };
  }
}

/** Operations whose input names no object: what they return is what the actor may see, or concerns everyone. */
const withoutObject: ReadonlySet<VerbName | QueryName> = new Set([
  'approvalPolicy.get',
  'safetyRule.list',
  'alertChannel.list',
  'calendarFeed.list',
  'changeFreeze.list',
  'checklist.show',
  'connection.list',
  'diversion.getSchema',
  'diversion.list',
  'diversion.listAll',
  'emergencyStop.get',
  'health.get',
  'navigation.count',
  'navigation.countRecent',
  'object.search',
  'overview.get',
  'plan.getSchema',
  'policy.list',
  'probe.listTargets',
  'runbook.get',
  'schedule.get',
  'switch.list',
  'token.create',
  'token.list',
  'token.revoke',
  'vantagePoint.list',
]);

/** Operations on a connection as a whole, which leave out what is outside of limits to regions or domains. */
const inPart: ReadonlySet<VerbName | QueryName> = new Set([
  'binding.export',
  'binding.list',
  'capacity.listPlaces',
  'capacity.readHistory',
  'diversion.listDraftOptions',
  'diversion.readForCreating',
  'diversion.checkDraft',
  'checklist.noteRoute',
  'drift.accept',
  'drift.get',
  'drift.restore',
  'estate.get',
  'estate.getMap',
  'estate.getNode',
  'estate.getPast',
  'estate.getSnapshot',
  'estate.getSummary',
  'estate.listChanges',
  'estate.listRoutes',
  'estate.sync',
  'function.list',
  'function.listTestInvocations',
]);
/** Functions have a region and no domain. */
const isOfFunction = (name: VerbName | QueryName) =>
  name.startsWith('function.') || name === 'deployment.get';

/** Operations whose answer repeats what was sent. */
const echoes: ReadonlySet<VerbName | QueryName> = new Set(['checklist.noteRoute', 'diversion.checkDraft']);

/**
 * Operations on the caller's own account. The stream of changes and the links of alerts, whose signed token names the object, have
 * tests of their own.
 */
const ofTheCaller: ReadonlySet<VerbName | QueryName> = new Set([
  'alertLink.get',
  'alertLink.use',
  'passkey.add',
  'passkey.begin',
  'passkey.remove',
  'passkey.rename',
  'session.beginPasskey',
  'session.beginSso',
  'session.completeSso',
  'session.endBySso',
  'session.signInWithPasskey',
  'session.listWays',
  'calendarFeed.read',
  'change.follow',
  'password.change',
  'secondFactor.begin',
  'secondFactor.confirm',
  'secondFactor.remove',
  'secondFactor.renewCodes',
  'session.get',
  'session.getSecurity',
  'session.list',
  'session.reauthenticate',
  'session.revoke',
  'session.revokeOthers',
  'session.signIn',
  'session.signOut',
  'setUp.complete',
]);

type Use = {
  readonly name: VerbName | QueryName;
  readonly run: (input: unknown) => Promise<unknown>;
  readonly toInput: (fixture: Fixture, replaced: Case['replaced']) => unknown;
};

/** Makes the input of an operation of the API from its path and its example, with the ids of a fixture. */
function apiInput(operation: Operation, fixture: Fixture, replaced: Case['replaced']): unknown {
  const path = Object.fromEntries(
    listPathParams(operation).map((name) => [name, fixture[name] ?? (name === 'kind' ? 'sandbox' : '1')]),
  );
  const rewritten = rewrite(operation.example ?? null, replaced);
  const own = {
    ...(Object(rewritten).connectionId !== undefined && { connectionId: fixture.connectionId }),
    ...(Object(rewritten).region !== undefined && { region: fixture.region }),
  };
  const body = operation.example === undefined ? undefined : { ...Object(rewritten), ...own };
  const about = operation.name.startsWith('alert.') ? { subject: { kind: 'run', id: fixture.runId } } : {};
  const query = new URLSearchParams({
    region: fixture.region ?? '',
    namespace: 'flash',
    name: rewrite('storefront', replaced),
    part: 'code',
    version: '1',
    node: `lb:${rewrite('lb-cvm', replaced)}`,
    loadBalancerId: rewrite('lb-cvm', replaced),
    query: marker,
    t0: '2030-01-01T00:00:00.000Z',
    at: new Date().toISOString(),
    from: new Date(0).toISOString(),
    to: new Date().toISOString(),
  });
  const made = readInput(operation, {
    path,
    query: operation.method === 'GET' ? pickQuery(operation, query) : new URLSearchParams(),
    body: body === undefined ? undefined : { ...body, ...about },
  });
  invariant(made.ok, `${operation.name} has an input: ${JSON.stringify(made)}`);
  if (operation.list === 'keyset') return { limit: 50, after: null };
  return made.value;
}

/** Keeps the query parameters that an operation knows. */
function pickQuery(operation: Operation, query: URLSearchParams): URLSearchParams {
  const known: Readonly<Partial<Record<VerbName | QueryName, readonly string[]>>> = {
    'capacity.readHistory': ['region', 'loadBalancerId', 'from', 'to'],
    'estate.getNode': ['node'],
    'estate.getPast': ['at'],
    'estate.listChanges': ['from', 'to'],
    'function.get': ['region', 'namespace', 'name'],
    'function.read': ['region', 'namespace', 'name', 'part', 'version'],
    'object.search': ['query'],
    'plan.check': ['t0'],
  };
  return new URLSearchParams((known[operation.name] ?? []).map((name) => [name, query.get(name) ?? '']));
}

const place = ({ connectionId }: Fixture) => ({ connectionId, others: [] });
const uses: readonly Use[] = [
  ...operations
    .filter(({ name }) => name !== 'sandbox.import')
    .map(
      (operation): Use => ({
        name: operation.name,
        run: (input) => operation.run(input),
        toInput: (fixture, replaced) =>
          operation.name === 'plan.import' ? fixture.planFile : apiInput(operation, fixture, replaced),
      }),
    ),
  { name: 'audit.export', run: () => exportAudit({} as never), toInput: () => ({}) },
  { name: 'diversion.list', run: () => listDiversions(), toInput: () => undefined },
  { name: 'navigation.countRecent', run: () => getRecentRail(), toInput: () => undefined },
  {
    name: 'plan.breakGlass',
    run: (input) => breakGlass(input as never),
    toInput: ({ planId }) => ({ planId, hash: 'h', reason: 'The shop is down.' }),
  },
  { name: 'run.getRecord', run: (id) => getRunRecord(id as never), toInput: ({ runId }) => runId },
  {
    name: 'diversion.openDraft',
    run: (input) => openDraft(input as never),
    toInput: (fixture) => ({
      ...place(fixture),
      diversionId: fixture.draftId,
      asked: { connection: null, kind: null, domain: null, rule: null, function: null, field: null },
      names: { split: 'Split', access: 'Access', switch: 'Switch' },
    }),
  },
  {
    name: 'diversion.listDraftOptions',
    run: (input) => listDraftOptions(input as never),
    toInput: (fixture) => ({
      ...place(fixture),
      of: { kind: 'loadBalancer', to: 'function' },
      creates: { loadBalancers: [], listeners: [] },
      search: '',
      limit: 20,
    }),
  },
  {
    name: 'diversion.readForCreating',
    run: (input) => readForCreating(input as never),
    toInput: (fixture) => ({
      ...place(fixture),
      of: { kind: 'places' },
      creates: { loadBalancers: [], listeners: [] },
    }),
  },
];

it('has an entry for every verb and every query', () => {
  const known = [...uses.map(({ name }) => name), ...ofTheCaller].sort();
  const missing = [...verbNames, ...queryNames].filter((name) => !known.includes(name));
  // The roles' table makes all installation-wide; a file must be valid before anything else is checked.
  expect(missing).toEqual([
    'sandbox.import',
    'signInPolicy.set',
    'user.endSessions',
    'user.resetSecondFactor',
  ]);
  expect(missing.every(isInstallationWide)).toBe(true);
});

describe.each(cases)('limits to $name', ({ limits, replaced, foreignId }) => {
  let own: Fixture;
  let foreign: Fixture;

  beforeAll(async () => {
    await context.db.delete(deployments);
    await context.clear();
    await context.db.delete(testInvocations);
    await context.db.delete(syncs);
    await context.db.delete(connections);
    await context.db.delete(apiTokens);
    await context.db.delete(users);
    const other = Estate.parse(rewrite(testEstate(), replaced));
    const renumbered = {
      ...other,
      records: other.records.map((record) => ({ ...record, id: (record.id + 1000) as typeof record.id })),
      zones: other.zones.map((zone) => ({
        ...zone,
        id: zone.id + (zone.name === 'example.co.id' ? 0 : 1000),
      })),
    };
    if (foreignId === 'test') await context.connect('test', 'sandbox', join(testEstate(), renumbered));
    else {
      await context.connect('test');
      await context.connect(foreignId, 'sandbox', renumbered);
    }
    own = await store({ replaced: {} }, 'test');
    foreign = await store({ replaced }, foreignId);
  });

  const accessOf = (role: Role) => toAccess([{ role, ...limits }]);
  const isPartial = (name: VerbName | QueryName) =>
    inPart.has(name) || (limits.domains !== null && isOfFunction(name));
  const isRefused = (code: string) => code.startsWith('role.') || code.startsWith('scope.');

  describe.each(roles)('of a role: %s', (role) => {
    const caller = callerOf(accessOf(role), role);

    it.each(uses)('$name on objects outside', async ({ name, run, toInput }) => {
      const { code, text } = await use(caller, () => run(toInput(foreign, replaced)));
      const expected = !mayUse(role, name)
        ? 'role.notPermitted'
        : isInstallationWide(name)
          ? 'scope.everything'
          : withoutObject.has(name) || (foreignId === 'test' && isPartial(name))
            ? null
            : 'scope.notPermitted';
      if (expected !== null) expect([name, code]).toEqual([name, expected]);
      if (!echoes.has(name)) expect(text).not.toMatch(hidden);
    });
  });

  it('leave the objects outside as they are', async () => {
    const [run] = await context.db.select().from(runs).where(sql`${runs.id} = ${foreign.runId}`);
    expect(run).toBeDefined();
    expect(await getPlan(foreign.planId as never)).toMatchObject({
      approvals: { all: [{ withdrawnAt: null }] },
    });
  });

  it.each(uses.filter(({ name }) => !isInstallationWide(name)))(
    '$name on objects within, as an administrator',
    async ({ name, run, toInput }) => {
      const { code, text } = await use(callerOf(accessOf('administrator'), 'administrator'), () =>
        run(toInput(own, {})),
      );
      expect([name, isRefused(code)]).toEqual([name, false]);
      expect(text).not.toMatch(hidden);
    },
  );
});
