import { afterAll, beforeAll, expect, it } from 'vitest';
import type { CloudConnection } from '@/lib/cloud/connection';
import { createProber } from '@/lib/cloud/probe/prober';
import { createTencentCloud } from '@/lib/cloud/tencent/cloud';
import { SplitDiversion } from '@/lib/diversion/diversion';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { Plan } from '@/lib/plan/model/model';
import { preflight } from '@/lib/preflight/preflight';
import { execute } from '@/lib/run/executor';
import type { Direction, RunEvent } from '@/lib/run/model/model';
import { joinedCloud, joinedProber } from '@/lib/run/steps/run-cloud';
import type { World } from '@/lib/sandbox/world/world';
import {
  type ConnectedSandbox,
  connectTo,
  silentLog,
  startConnectedSandbox,
} from '@/testing/cloud/connected-sandbox';
import { createTestPlan } from '@/testing/plan/create-test-plan';
import { clock, lasting } from '@/testing/run/test-run-fixture';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { memory } from '@/testing/worker/test-worker-fixture';

/*
 * A plan across two accounts of the real sandbox. The shop's old account is billed by CVM and can't bind functions: the
 * old account's DNS moves its name to a function of the new account.
 */

const [oldName, newName] = ['niaga-lama', 'niaga'];
const name = 'sale.example.my.id';
let sandbox: ConnectedSandbox;
let connections: ReadonlyMap<string, CloudConnection>;
const getCloud = (id: string) => {
  const connection = connections.get(id);
  invariant(connection !== undefined, `the seed has an account ${id}`);
  return createTencentCloud(connection, { now: () => new Date(), log: silentLog });
};
const getProber = (id: string) => {
  const connection = connections.get(id);
  invariant(connection !== undefined, `the seed has an account ${id}`);
  // As a worker with the keys of both accounts resolves their load balancers.
  const findOwner = async (address: string) => {
    const owners = await Promise.all(
      [...connections.keys()].map((each) => getCloud(each).addressOwner(address)),
    );
    return owners.find((owner) => owner !== null) ?? null;
  };
  return createProber(connection, getCloud(id), findOwner);
};
const readEstate = (id: string) => getCloud(id).readEstate(() => undefined);
const readBoth = () => Promise.all([readEstate(oldName), readEstate(newName)]);

/** Adds a record for the name to the old account. */
async function nameTheSale(): Promise<void> {
  const data = await sandbox.control<World>('GET', '/data');
  const old = Object.values(data.accounts).find((account) => account.name === oldName);
  const records = old?.zones['example.my.id']?.records;
  const outlet = records?.find(({ subdomain }) => subdomain === 'outlet');
  invariant(outlet !== undefined, 'the old account has a record');
  records?.push({ ...outlet, id: 556_520_009, subdomain: 'sale', ttlS: 60 });
  await sandbox.control('PUT', '/data', data);
}

beforeAll(async () => {
  sandbox = await startConnectedSandbox({ vipNetwork: '127.145.0.0/16', seed: 'flash-sale' });
  connections = new Map(
    sandbox.announcement.accounts.map(({ name: id, secretId, secretKey }) => [
      id,
      connectTo(sandbox, { id, name: id, secretId, secretKey, regions: ['ap-singapore', 'ap-jakarta'] }),
    ]),
  );
  await nameTheSale();
});
afterAll(() => sandbox.stop());

function diversionOver(estate: Estate): SplitDiversion {
  const outlet = estate.rules.find((rule) => rule.domain === 'outlet.example.my.id');
  const balancer = estate.loadBalancers.find((lb) => lb.name === 'lb-sin-flash');
  const listener = estate.listeners.find((l) => l.loadBalancerId === balancer?.id && l.protocol === 'HTTP');
  return SplitDiversion.parse({
    kind: 'split',
    name: 'outlet sale',
    connections: [newName],
    routes: [
      {
        to: 'cvm',
        domain: 'outlet.example.my.id',
        addTargets: [],
        loadBalancerId: outlet?.loadBalancerId,
        listenerId: outlet?.listenerId,
        rule: { kind: 'existing', ruleId: outlet?.id },
      },
      {
        to: 'function',
        domain: name,
        loadBalancerId: balancer?.id,
        listenerId: listener?.id,
        rule: { kind: 'new', url: '/' },
        function: { region: 'ap-singapore', namespace: 'flash', name: 'storefront', qualifier: '1' },
        expectedBody: 'Flash sale',
      },
    ],
  });
}

function executeRun(plan: Plan) {
  const events: RunEvent[] = [];
  const go = (direction: Direction, attempt: number) =>
    execute(
      { plan, cutover: null, guards: [], direction, attempt, actor: 'test' },
      {
        cloud: joinedCloud({ own: oldName, cloudOf: getCloud }),
        prober: joinedProber(oldName, getProber),
        clock,
        random: Math.random,
        once: memory(),
        faultPoint: async () => undefined,
        reportError: (error) => {
          throw error;
        },
        journal: {
          append: async (event) => void events.push(event),
          read: async () => [...events],
          readAll: async () => [...events],
        },
        inbox: {
          take: async (until) => {
            if (until !== null) await clock.sleepUntil(until);
            return null;
          },
        },
        validator: { check: async () => [], checkRights: async () => [], checkWrite: async () => [] },
        watcher: { sample: async () => ({ at: clock.now().toISOString(), measures: {}, probes: [] }) },
      },
    );
  return { events, go };
}

it('points a name of one account at a function of another one, and restores both', async () => {
  const before = await readBoth();
  const [own, other] = before;
  const estate = joinEstates(own, [other]);
  const diversion = diversionOver(estate);
  const plan = createTestPlan({ estate, diversion, keepAliveS: 0 });
  const writes = plan.steps.flatMap((step) => (step.kind === 'write' ? [step] : []));
  expect(writes.map(({ call, object }) => [call.action, call.connectionId, object.connectionId])).toEqual([
    ['CreateRule', newName, newName],
    ['RegisterFunctionTargets', newName, newName],
    ['ModifyRecordFields', undefined, undefined],
  ]);
  const blocks = preflight({ estate, diversion }).filter(({ status }) => status === 'block');
  expect(blocks).toEqual([]);

  const run = executeRun(plan);
  expect(await run.go('apply', 1)).toBe('done');
  const [ownThere, otherThere] = await readBoth();
  const vip = otherThere.loadBalancers.find((lb) => lb.name === 'lb-sin-flash')?.vips[0] ?? '';
  expect(ownThere.records.find((record) => record.subdomain === 'sale')?.value).toBe(vip);
  expect(otherThere.rules.find((rule) => rule.domain === name)?.functions).toHaveLength(1);
  const port = 80 + sandbox.announcement.portOffset;
  expect((await requestPage({ host: vip, port }, { host: name })).body).toContain('Flash sale');

  expect(await run.go('rollback', 2)).toBe('rolledBack');
  const after = await readBoth();
  expect(after.map(settled)).toEqual(before.map(settled));
});

/** Removes the counters of a function and the health of targets, which vary. */
function settled(estate: Estate): unknown {
  const passing = ['health', 'createdAt'];
  return JSON.parse(
    JSON.stringify(lasting(estate), (key, value: unknown) => (passing.includes(key) ? undefined : value)),
  );
}
