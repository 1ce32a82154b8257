import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { HistoryPlace, HistorySpan } from '@/lib/estate/history/traffic-history';
import { invariant } from '@/lib/invariant';
import { type ConnectedSandbox, connectTo, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { requestPage } from '@/testing/sandbox/data-plane/test-world';
import { createTencentCloud } from './tencent/cloud';

/* Past requests over real HTTP: requests to the sandbox's load balancers, which its Monitor counts. */

const minuteMs = 60_000;
const balancer = {
  region: 'ap-singapore',
  loadBalancerId: 'lb-q7w2m5rc',
  listenerId: null,
  domain: null,
  url: null,
} as const;
const listener = { ...balancer, listenerId: 'lbl-n05q7r3t' } as const;
const event = { ...listener, domain: 'event.example.co.id' };
const teaser = { ...listener, domain: 'teaser.example.co.id' };

let sandbox: ConnectedSandbox;
/** The time of the sandbox's clock and ours: the start of a minute at first. */
let now: number;
let start: number;

beforeAll(async () => {
  sandbox = await startConnectedSandbox({ seed: 'flash-sale', vipNetwork: '127.146.0.0/16', taskMs: 0 });
});
afterAll(() => sandbox.stop());

async function moveClock(to: number): Promise<void> {
  now = to;
  await sandbox.control('POST', '/clock', { mode: 'virtual', now });
}

beforeEach(async () => {
  await sandbox.control('POST', '/reset');
  // Close to the machine's time, which clients use for signing.
  start = Math.ceil(Date.now() / minuteMs) * minuteMs;
  await moveClock(start + 1000);
});

const silent = { debug: () => {}, info: () => {}, warn: () => {} };

function cloud({ secretId, secretKey }: { secretId: string; secretKey: string } = sandbox.announcement) {
  return createTencentCloud(connectTo(sandbox, { secretId, secretKey }), {
    now: () => new Date(now),
    log: silent,
  });
}

async function browse(host: string, times: number): Promise<void> {
  const port = 80 + sandbox.announcement.portOffset;
  for (let n = 0; n < times; n += 1) await requestPage({ host: '127.146.1.20', port }, { host });
}

const minutes = (from: number, count: number): HistorySpan => ({
  from: start + from * minuteMs,
  to: start + (from + count) * minuteMs,
  periodS: 60,
});
const read = (place: HistoryPlace, span: HistorySpan) => cloud().readTrafficHistory({ place, span });

describe('past requests', () => {
  it('are those of a domain, of one of its paths, or of the whole load balancer, by minute', async () => {
    await browse(event.domain, 6);
    await moveClock(start + minuteMs + 1000);
    await browse(event.domain, 3);
    await browse(teaser.domain, 3);
    // A request is counted when its response has been sent, which may be just after the client has received it.
    await expect.poll(async () => (await read(balancer, minutes(0, 2))).rps).toEqual([0.1, 0.1]);
    const from = new Date(start).toISOString();
    expect(await read(event, minutes(0, 2))).toEqual({ from, periodS: 60, rps: [0.1, 0.05] });
    expect((await read(teaser, minutes(0, 2))).rps).toEqual([0, 0.05]);
    expect((await read({ ...event, url: '/' }, minutes(0, 2))).rps).toEqual([0.1, 0.05]);
    expect(
      (await read(event, { from: start - 4 * minuteMs, to: start + 61 * minuteMs, periodS: 300 })).rps,
    ).toHaveLength(13);
  });

  it('have no value where Monitor has none, rather than 0', async () => {
    const kept = 25 * 60;
    await moveClock(start + 2 * minuteMs + 1000);
    const { rps } = await read(event, minutes(-kept, kept + 4));
    // Older than the sandbox keeps; measured; not measured yet.
    expect(rps.slice(0, 3)).toEqual([null, null, null]);
    expect(rps.slice(3, 6)).toEqual([0, 0, 0]);
    expect(rps.slice(-4)).toEqual([0, 0, 0, null]);
    // More than one request of Monitor returns.
    expect(rps).toHaveLength(kept + 4);
    await sandbox.control('PUT', '/assumptions', { 'monitor.idle': 'no point' });
    expect((await read(event, minutes(0, 2))).rps).toEqual([null, null]);
  });

  it('of a place that is gone are refused', async () => {
    await expect(
      read({ ...event, domain: 'none.example.co.id', url: '/x' }, minutes(0, 1)),
    ).resolves.toMatchObject({
      rps: [null],
    });
    await expect(read({ ...balancer, loadBalancerId: 'lb-none0000' }, minutes(0, 1))).rejects.toMatchObject({
      name: 'CloudError',
    });
    await expect(read({ ...event, listenerId: 'lbl-none0000' }, minutes(0, 1))).rejects.toMatchObject({
      name: 'CloudError',
    });
  });

  it('that the key may not read are refused with the code and the request of the cloud', async () => {
    const world = Object(await sandbox.control('GET', '/data'));
    for (const { policies } of Object.values<Record<string, object>>(world.accounts))
      for (const policy of Object.values(policies ?? {})) {
        const [statement] = Object(policy).document.statement;
        statement.action = statement.action.filter((action: string) => action !== 'monitor:GetMonitorData');
      }
    await sandbox.control('PUT', '/data', world);
    const reviewer = sandbox.announcement.accounts[0]?.users[0];
    invariant(reviewer?.name === 'reviewer', 'the seed has a reviewer');
    await expect(
      cloud(reviewer).readTrafficHistory({ place: event, span: minutes(0, 1) }),
    ).rejects.toMatchObject({
      data: {
        code: expect.stringMatching(/UnauthorizedOperation/),
        action: 'GetMonitorData',
        requestId: expect.stringMatching(/./),
      },
    });
  });
});
