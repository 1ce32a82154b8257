import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { createProber } from '@/lib/cloud/probe/prober';
import { AccessDiversion, type Diversion } from '@/lib/diversion/diversion';
import { SwitchDiversion } from '@/lib/diversion/switch';
import type { Estate } from '@/lib/estate/model';
import { invariant } from '@/lib/invariant';
import type { AccountWorld } from '@/lib/sandbox/world/world';
import { testSplitDiversion } from '@/testing/diversion/test-split';
import { TestRun } from '@/testing/run/test-run';
import { lasting, type RunFixture, startRunFixture } from '@/testing/run/test-run-fixture';
import { zipTestFiles } from '@/testing/sandbox/data-plane/test-world';

/*
 * The three scenarios of the cloud's guide on binding functions to load balancers
 * (https://www.tencentcloud.com/document/product/214/39790), each with clients that resolve the name for every request:
 * general access over HTTP and HTTPS, switching between CVM and SCF, and diversion between CVM and SCF.
 */

let fixture: RunFixture;
let before: Estate;

/** Answers as the guide's function does, and shows how the request has reached it. */
const handler = `import json
def main_handler(event, context):
    headers = {name.lower(): value for name, value in event["headers"].items()}
    return {"isBase64Encoded": False, "statusCode": 200, "headers": {"Content-Type": "text/html"},
            "body": "<h1>Hello CLB</h1> over " + headers["x-forwarded-proto"]}
`;

function withHandler(account: AccountWorld): void {
  for (const fn of Object.values(account.functions)) fn.zip = zipTestFiles({ 'index.py': handler });
}

beforeAll(async () => {
  fixture = await startRunFixture('127.187.0.0/16');
});
afterAll(() => fixture.stop());
beforeEach(async () => {
  await fixture.reset(withHandler);
  before = await fixture.readEstate();
});

type Request = { readonly host: string; readonly scheme?: 'http' | 'https' };

/** Sends a request as a client does: to the address that the name resolves to now. */
function request({ host, scheme = 'http' }: Request) {
  const { connection, cloud } = fixture;
  const port = scheme === 'https' ? 443 : 80;
  return createProber(connection, cloud).probe({
    kind: 'http',
    host,
    path: '/',
    scheme,
    port,
    address: host,
    expect: { status: 200, bodyContains: null },
  });
}

/** Sends requests one after the other while something runs. @returns the failures, and the bodies in order */
async function during(host: string, run: () => Promise<unknown>) {
  let isOver = false;
  const over = run().finally(() => {
    isOver = true;
  });
  const [failures, bodies]: [string[], string[]] = [[], []];
  while (!isOver) {
    const { passed, failure, body } = await request({ host });
    if (!passed) failures.push(failure ?? '');
    if (bodies.at(-1) !== body) bodies.push(body);
  }
  await over;
  return { failures, bodies };
}

const toFunction = testSplitDiversion.routes.find(({ to }) => to === 'function');
invariant(toFunction !== undefined, 'the Split has a function');

/** Applies a diversion and rolls it back, with clients of `sale.example.com` all the time. */
async function thereAndBack(diversion: Diversion, inEffect: () => Promise<void>): Promise<void> {
  const run = new TestRun(fixture, await fixture.makePlan(0, diversion));
  const there = await during('sale.example.com', () => run.go('apply'));
  expect(run.view().stopped).toBeNull();
  expect(run.view().state).toBe('done');
  expect(there.failures).toEqual([]);
  expect(there.bodies.length).toBeGreaterThan(0);
  await inEffect();
  const back = await during('sale.example.com', () => run.go('rollback'));
  expect(run.view().state).toBe('rolledBack');
  expect(back.failures).toEqual([]);
  expect(lasting(await fixture.readEstate())).toEqual(lasting(before));
}

/** A page of one of the seed's servers. */
const server = /<h1>web-[12] \(ins-web0000[12]\)<\/h1>/;

const readBody = async (asked: Request) => (await request(asked)).body;

describe('a scenario of the guide', () => {
  it('general access: clients use HTTP and HTTPS, and the load balancer takes the TLS off', async () => {
    const route = { ...toFunction, loadBalancerId: 'lb-scf00001' };
    const access = AccessDiversion.parse({
      kind: 'access',
      name: 'Event page',
      creates: {
        listeners: [
          {
            id: '@https',
            loadBalancerId: 'lb-scf00001',
            name: 'https',
            protocol: 'HTTPS',
            port: 443,
            certificateId: 'cert8Kq2x',
          },
        ],
      },
      routes: [route, { ...route, listenerId: '@https' }],
    });
    await thereAndBack(access, async () => {
      expect(await readBody({ host: 'sale.example.com' })).toBe('<h1>Hello CLB</h1> over http');
      expect(await readBody({ host: 'sale.example.com', scheme: 'https' })).toBe(
        '<h1>Hello CLB</h1> over https',
      );
    });
  });

  it('switching: the name moves from the CVM load balancer to that of the function, and no client sees an error', async () => {
    expect(await readBody({ host: 'sale.example.com' })).toMatch(server);
    const routes = testSplitDiversion.routes.map((route) =>
      route.to === 'cvm'
        ? { ...route, domain: 'sale.example.com', rule: { kind: 'existing', ruleId: 'loc-sale0001' } }
        : route,
    );
    const ramp = [
      { percent: 50, bakeS: 0 },
      { percent: 100, bakeS: 0 },
    ];
    const name = 'Migration';
    const move = SwitchDiversion.parse({ kind: 'switch', name, routes, toward: 'function', ramp });
    await thereAndBack(move, async () => {
      expect(await readBody({ host: 'sale.example.com' })).toContain('Hello CLB');
    });
    expect(await readBody({ host: 'sale.example.com' })).toMatch(server);
  });

  it('diversion: one domain stays with CVM behind its load balancer, the other one goes to the function', async () => {
    expect(await readBody({ host: 'shop.example.com' })).toMatch(server);
    await thereAndBack(testSplitDiversion, async () => {
      expect(await readBody({ host: 'shop.example.com' })).toMatch(server);
      expect(await readBody({ host: 'sale.example.com' })).toContain('Hello CLB');
      const { records } = await fixture.readEstate();
      const vip = (subdomain: string) =>
        records.filter((each) => each.subdomain === subdomain && each.enabled).map(({ value }) => value);
      expect([vip('shop'), vip('sale')]).toEqual([['127.187.1.1'], ['127.187.1.2']]);
    });
  });
});
