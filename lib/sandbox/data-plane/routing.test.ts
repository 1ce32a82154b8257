import { Agent } from 'node:http';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { firstRule, startTestPlane, type TestPlane } from '@/testing/sandbox/data-plane/test-plane';
import { worldInstance, worldListener, worldRule } from '@/testing/sandbox/data-plane/test-world';
import { targetGroup } from '../seeds/parts';
import type { WorldRule, WorldTarget } from '../world/clb';

const network = '127.105.3';
const target = (instanceId: string, weight = 10): WorldTarget => ({
  instanceId,
  port: 8080,
  weight,
  registeredAt: 0,
});

let test: TestPlane;
const agents: Agent[] = [];
beforeEach(async () => {
  const targets = [target('ins-a'), target('ins-b', 20)];
  const instance = (id: string, fourth: number) =>
    worldInstance({ id, privateIp: `${network}.${fourth}`, stateSince: 0 });
  test = await startTestPlane(
    network,
    [
      worldListener({ id: 'lbl-1', rules: [worldRule({ id: 'loc-1', isDefault: true, targets })] }),
      worldListener({
        id: 'lbl-2',
        port: 8088,
        rules: [
          worldRule({ id: 'loc-2', domain: 'other.example', url: '/shop', targets, isDefault: true }),
          worldRule({ id: 'loc-3', domain: '*.wild.example', url: '~ \\.php$', targets }),
        ],
      }),
      worldListener({ id: 'lbl-3', port: 8443, protocol: 'HTTPS', rules: [worldRule({ id: 'loc-4' })] }),
    ],
    { instances: { 'ins-a': instance('ins-a', 101), 'ins-b': instance('ins-b', 102) } },
  );
});
afterEach(async () => {
  for (const agent of agents.splice(0)) agent.destroy();
  await test.stop();
});

/** Returns which instance answers; with an agent, on the same connection each time. */
const who = async (headers: Record<string, string> = {}, agent?: Agent) =>
  (await test.getInstance({ headers, ...(agent && { agent }) })).instanceId;
const kept = () => {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  agents.push(agent);
  return agent;
};
async function change(parts: Partial<WorldRule>): Promise<void> {
  Object.assign(firstRule(test), parts);
  await test.changed();
}
async function counts(times: number, agent?: Agent): Promise<Record<string, number>> {
  const seen: Record<string, number> = {};
  for (let n = 0; n < times; n += 1) {
    const id = await who({}, agent);
    seen[id] = (seen[id] ?? 0) + 1;
  }
  return seen;
}

describe('a kept-alive connection', () => {
  it('is scheduled per request', async () => {
    expect(await counts(12, kept())).toEqual({ 'ins-a': 4, 'ins-b': 8 });
  });

  it('stays with a target that lost its weight or was unbound, unless that setting is off', async () => {
    const agent = kept();
    await change({ targets: [target('ins-a'), target('ins-b', 0)] });
    expect(await who({}, agent)).toBe('ins-a');
    await change({ targets: [target('ins-a', 0), target('ins-b')] });
    expect([await who({}, agent), await who({}, agent), await who()]).toEqual(['ins-a', 'ins-a', 'ins-b']);
    await change({ targets: [target('ins-b')] });
    expect([await who({}, agent), await who()]).toEqual(['ins-a', 'ins-b']);
    test.assumptions.set('http.keptConnection', 'rescheduled');
    expect(await who({}, agent)).toBe('ins-b');
  });

  it('switches to another target when its own has stopped', async () => {
    const agent = kept();
    await change({ targets: [target('ins-a')] });
    expect(await who({}, agent)).toBe('ins-a');
    (test.account.instances['ins-a'] ?? expect.fail('no ins-a')).state = 'STOPPED';
    await change({ targets: [target('ins-b')] });
    expect(await who({}, agent)).toBe('ins-b');
  });

  it('ends after 100 requests', async () => {
    const agent = kept();
    const answers = [];
    for (let n = 0; n < 100; n += 1) answers.push(await test.get({ agent }));
    expect(answers.map(({ headers }) => headers.connection).indexOf('close')).toBe(99);
  });
});

describe('health', () => {
  it('removes traffic from a server once its check fails, and sends it to all when all fail', async () => {
    const first = test.account.instances['ins-a'] ?? expect.fail('no ins-a');
    first.downSince = test.time.now;
    await test.changed();
    const statuses = async () => {
      const answers = [];
      for (let n = 0; n < 6; n += 1) answers.push((await test.get()).status);
      return answers.sort();
    };
    expect(await statuses()).toEqual([200, 200, 200, 200, 502, 502]);
    test.time.now += 16_000;
    expect(await statuses()).toEqual([200, 200, 200, 200, 200, 200]);
    const second = test.account.instances['ins-b'] ?? expect.fail('no ins-b');
    second.downSince = test.time.now - 16_000;
    await test.changed();
    expect(await statuses()).toEqual([502, 502, 502, 502, 502, 502]);
  });

  it('sends traffic to a recovered server again', async () => {
    const first = test.account.instances['ins-a'] ?? expect.fail('no ins-a');
    await change({ targets: [target('ins-a')] });
    expect(await who()).toBe('ins-a');
    first.downSince = test.time.now;
    await test.changed();
    expect((await test.get()).status).toBe(502);
    first.downSince = null;
    await test.changed();
    expect(await who()).toBe('ins-a');
  });
});

describe('schedules', () => {
  it('LEAST_CONN follows the requests in flight', async () => {
    await change({ scheduler: 'LEAST_CONN', targets: [target('ins-a'), target('ins-b')] });
    expect(await counts(4)).toEqual({ 'ins-a': 2, 'ins-b': 2 });
  });

  it('IP_HASH keeps an address with one server', async () => {
    await change({ scheduler: 'IP_HASH' });
    expect(Object.values(await counts(6))).toEqual([6]);
  });

  it('choose servers of target groups by the weights of the groups', async () => {
    const group = (id: string, weight: number, instanceId: string) => {
      test.account.targetGroups[id] = targetGroup({
        id,
        name: id,
        region: 'ap-singapore',
        type: 'v2',
        protocol: 'HTTP',
        createdAt: 0,
        targets: [target(instanceId)],
      });
      return { groupId: id, weight };
    };
    await change({
      targetType: 'TARGETGROUP-V2',
      targetGroups: [group('lbtg-1', 30, 'ins-a'), group('lbtg-2', 10, 'ins-b')],
    });
    expect(await counts(8)).toEqual({ 'ins-a': 6, 'ins-b': 2 });
  });
});

describe('a session', () => {
  const readCookie = (answer: { headers: Record<string, string | string[] | undefined> }) =>
    String([answer.headers['set-cookie']].flat()[0] ?? '');

  it('keeps a client with its server by a cookie, until it has expired or the server has no weight', async () => {
    await change({ sessionExpireS: 60 });
    const set = readCookie(await test.get());
    expect(set).toMatch(/^CLB_SESSION=[0-9a-f]{16}\.[0-9a-z]+; Max-Age=60; Path=\/; HttpOnly$/);
    const Cookie = set.split(';')[0] ?? '';
    const first = await who({ Cookie });
    expect(new Set([await who({ Cookie }), await who({ Cookie }), await who({ Cookie })])).toEqual(
      new Set([first]),
    );
    test.time.now += 61_000;
    const others = [await who({ Cookie }), await who({ Cookie }), await who({ Cookie })];
    expect(new Set(others).size).toBe(2);
    test.time.now -= 61_000;
    await change({
      targets: [target('ins-a', first === 'ins-a' ? 0 : 10), target('ins-b', first === 'ins-b' ? 0 : 10)],
    });
    expect(await who({ Cookie })).not.toBe(first);
  });

  it("uses the rule's own cookie name; LEAST_CONN has none", async () => {
    await change({ sessionExpireS: 60, cookieName: 'MINE' });
    expect(readCookie(await test.get())).toMatch(/^MINE=/);
    await change({ scheduler: 'LEAST_CONN' });
    expect(readCookie(await test.get())).toBe('');
  });
});

describe('a redirect', () => {
  const readLocation = async (asked: Parameters<TestPlane['get']>[0]) => {
    const { status, headers } = await test.get(asked);
    return `${status} ${headers.location}`;
  };
  const to = (listenerId: string, ruleId: string, parts: Partial<WorldRule['redirectTo']> = {}) =>
    change({
      redirectTo: { listenerId, ruleId, code: 302, takeUrl: true, ...parts },
      sessionExpireS: 60,
    });

  it('goes to the domain and port of the target rule, with the path of the client or of that rule', async () => {
    await to('lbl-2', 'loc-2');
    expect(await readLocation({ path: '/a?b=1' })).toBe('302 http://other.example:8088/a?b=1');
    await to('lbl-2', 'loc-2', { takeUrl: false, code: 307 });
    expect(await readLocation({ path: '/a?b=1' })).toBe('307 http://other.example:8088/shop');
    expect((await test.get()).headers['set-cookie']).toBeUndefined();
  });

  it('keeps the values of the client if the target rule has only patterns', async () => {
    await to('lbl-2', 'loc-3', { takeUrl: false, code: 301 });
    expect(await readLocation({ path: '/a' })).toBe('301 http://shop.example:8088/a');
  });

  it('goes to HTTPS', async () => {
    await to('lbl-3', 'loc-4', { code: 301 });
    expect(await readLocation({ path: '/a?b=1' })).toMatch(/^301 https:\/\/[a-z.]+:8443\/a\?b=1$/);
  });

  it('responds as without a backend when the target rule is deleted', async () => {
    await to('lbl-2', 'loc-9');
    expect((await test.get()).status).toBe(503);
  });
});

it('reports which addresses are actually served, even if all are at 127.0.0.1', async () => {
  expect(test.plane.addresses()).toContainEqual({
    loadBalancerId: 'lb-1',
    vip: test.vip,
    port: 8088,
    protocol: 'HTTP',
    host: test.vip,
    realPort: 8088,
  });
  const { listeners } = test.account.loadBalancers['lb-1'] ?? expect.fail('no lb-1');
  const { instances } = test.account;
  const shared = await startTestPlane(network, listeners, { instances }, { mode: 'shared' });
  try {
    const served = shared.plane.addresses();
    expect(served.map(({ host }) => host)).toEqual(['127.0.0.1', '127.0.0.1', '127.0.0.1']);
    expect(new Set(served.map(({ realPort }) => realPort)).size).toBe(3);
    expect((await shared.get()).status).toBe(200);
    expect((await shared.get({ host: 'other.example', port: 8088, path: '/shop' })).status).toBe(200);
  } finally {
    await shared.stop();
  }
});
