import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { WriteCall } from '@/lib/estate/call';
import { type ConnectedSandbox, startConnectedSandbox } from '@/testing/cloud/connected-sandbox';
import { gatewayAnswer, testGateways } from '@/testing/cloud/tencent/test-gateway';
import { CloudError } from '../../errors';
import { createTencentCloud } from '../cloud';
import { auditRegion } from './api';

const log = { debug: () => {}, info: () => {}, warn: () => {} };
const { startGateway, connectionTo, close } = testGateways();
afterEach(close);

describe('the audit trail of the sandbox', () => {
  let sandbox: ConnectedSandbox;
  beforeAll(async () => {
    sandbox = await startConnectedSandbox({
      controlPort: null,
      vipNetwork: '127.128.0.0/16',
      taskMs: 20,
      connection: { regions: ['ap-jakarta', 'ap-singapore'] },
    });
  });
  afterAll(() => sandbox.stop());

  const createCloud = () => createTencentCloud(sandbox.connection, { now: () => new Date(), log });
  const createRecord = (subdomain: string): WriteCall => ({
    service: 'dnspod',
    action: 'CreateRecord',
    region: null,
    params: {
      Domain: 'example.com',
      RecordType: 'A',
      RecordLine: '默认',
      SubDomain: subdomain,
      Value: '127.128.1.1',
    },
  });
  const lately = () => ({ from: new Date(Date.now() - 60_000), to: new Date() });

  it('reports actor, action, object and request of each call, and omits refused calls', async () => {
    const cloud = createCloud();
    const { requestId } = await cloud.write(createRecord('who'));
    await expect(cloud.write(createRecord('not a name'))).rejects.toBeInstanceOf(CloudError);
    const { events, isComplete } = await cloud.auditTrail({ ...lately(), resource: null });
    expect(isComplete).toBe(true);
    expect(events).toEqual([
      {
        at: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/),
        action: 'CreateRecord',
        user: 'root',
        sourceIp: '127.0.0.1',
        requestId,
        resources: [expect.stringMatching(/^\d+$/)],
      },
    ]);
    const [resource = ''] = events[0]?.resources ?? [];
    expect((await cloud.auditTrail({ ...lately(), resource })).events).toEqual(events);
    expect((await cloud.auditTrail({ ...lately(), resource: '1' })).events).toEqual([]);
  });

  it('is read completely over several pages, newest first', async () => {
    const cloud = createCloud();
    const made: string[] = [];
    for (let n = 0; n < 60; n += 1) made.unshift((await cloud.write(createRecord(`n${n}`))).requestId);
    const { events, isComplete } = await cloud.auditTrail({ ...lately(), resource: null });
    expect(isComplete).toBe(true);
    expect(events.slice(0, 60).map(({ requestId }) => requestId)).toEqual(made);
  });

  it('is incomplete for times before the retention of the cloud', async () => {
    const from = new Date(Date.now() - 40 * 86_400_000);
    expect(await createCloud().auditTrail({ from, to: new Date(), resource: null })).toMatchObject({
      isComplete: false,
    });
  });
});

describe('an audit trail', () => {
  const span = { from: new Date(0), to: new Date(1000), resource: null };

  it('that the key may not read results in the error of the cloud', async () => {
    const gateway = await startGateway(
      gatewayAnswer({ Error: { Code: 'UnauthorizedOperation', Message: 'no' }, RequestId: 'r-1' }),
    );
    const cloud = createTencentCloud(connectionTo(gateway.endpoint), { now: () => new Date(1000), log });
    await expect(cloud.auditTrail(span)).rejects.toMatchObject({ data: { code: 'UnauthorizedOperation' } });
  });

  it('with an entry that is not as documented has all others, and is incomplete', async () => {
    const event = { EventTime: '1', EventName: 'RegisterTargets', RequestID: 'r' };
    const odd = { ...event, EventTime: 'yesterday' };
    const gateway = await startGateway(
      gatewayAnswer({ ListOver: true, Events: [event, odd, event], RequestId: 'r-1' }),
    );
    const cloud = createTencentCloud(connectionTo(gateway.endpoint), { now: () => new Date(1000), log });
    const { events, isComplete } = await cloud.auditTrail(span);
    expect(events).toHaveLength(2);
    expect(isComplete).toBe(false);
  });

  it('of a very busy account is read up to a limit', async () => {
    const event = { EventTime: '1', EventName: 'RegisterTargets', RequestID: 'r' };
    const gateway = await startGateway(
      gatewayAnswer({ ListOver: false, NextToken: 7, Events: [event], RequestId: 'r-1' }),
    );
    let ms = 1000;
    const cloud = createTencentCloud(connectionTo(gateway.endpoint), {
      now: () => new Date(ms),
      log,
      sleep: async (pause) => {
        ms += pause;
      },
    });
    const { events, isComplete } = await cloud.auditTrail(span);
    expect(isComplete).toBe(false);
    expect(events).toHaveLength(20);
    expect(gateway.requests()).toBe(20);
    expect(events[0]).toMatchObject({ user: '', sourceIp: null, resources: [] });
  });

  it('is queried in a region that has it', () => {
    expect(auditRegion(['ap-jakarta', 'ap-singapore'])).toBe('ap-singapore');
    expect(auditRegion(['ap-jakarta'])).toBe('ap-guangzhou');
  });
});
