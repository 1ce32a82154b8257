import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, clientConfig, createTestClients, startTestCloud } from '@/testing/sandbox/test-cloud';
import { pageHandler, zipSeedFiles } from '../../seeds/parts';

const cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16' });
const clients = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

/** Returns the last hour, in seconds of the sandbox's clock. */
function lastHour() {
  const EndTime = Math.floor(cloud.clock.now() / 1000);
  return { StartTime: EndTime - 3600, EndTime };
}
const by = (AttributeKey: string, AttributeValue: string) => ({ AttributeKey, AttributeValue });

const rule = (Domain: string) => ({
  LoadBalancerId: 'lb-cvm00001',
  ListenerId: 'lbl-cvm00001',
  Rules: [{ Domain, Url: '/' }],
});

test('records who changed what, from where, with which request, and with what result', async () => {
  const { RequestId: made } = await clients.clb.CreateRule(rule('new.example.com'));
  expect(await catchCode(clients.clb.CreateRule(rule('other.example.com')))).toBe(
    'FailedOperation.ResourceInOperating',
  );
  const { Events = [], ListOver } = await clients.cloudaudit.DescribeEvents(lastHour());
  expect(ListOver).toBe(true);
  expect(Events).toHaveLength(2);
  const [refused, done] = Events;
  expect(done).toMatchObject({
    EventName: 'CreateRule',
    Username: 'root',
    SecretId: cloud.keys('small-standard').secretId,
    SourceIPAddress: '127.0.0.1',
    RequestID: made,
    EventRegion: 'ap-singapore',
    AccountID: 100000000001,
    ErrorCode: 0,
    Resources: { ResourceType: 'clb', ResourceName: 'lb-cvm00001' },
    EventTime: String(Math.floor(cloud.clock.now() / 1000)),
  });
  const details: unknown = JSON.parse(refused?.CloudAuditEvent ?? '');
  expect(details).toMatchObject({
    apiErrorCode: 'FailedOperation.ResourceInOperating',
    actionType: 'Write',
    userIdentity: { type: 'Root', principalId: '100000000001' },
  });
});

test('records a sub-user’s denied call in the trail of the account', async () => {
  const key = cloud.keys('small-standard', 'reader');
  const { clb } = createTestClients(clientConfig(cloud.plane.api, key, 'ap-singapore'));
  expect(await catchCode(clb.CreateRule(rule('new.example.com')))).toBe('UnauthorizedOperation');
  const { Events = [] } = await clients.cloudaudit.DescribeEvents({
    ...lastHour(),
    LookupAttributes: [by('AccessKeyId', key.secretId)],
  });
  expect(Events).toMatchObject([{ Username: 'reader', SecretId: key.secretId, ErrorCode: 1 }]);
});

test('names the object of every write, and records no reads or function calls', async () => {
  const { clb, scf, dnspod, tag } = clients;
  await clb.DescribeLoadBalancers({});
  await clb.CreateRule(rule('new.example.com'));
  const Code = { ZipFile: zipSeedFiles({ 'index.py': pageHandler('Secret') }) };
  await scf.CreateFunction({
    FunctionName: 'made',
    Code,
    Handler: 'index.main_handler',
    Runtime: 'Python3.10',
    Environment: { Variables: [{ Key: 'PASSWORD', Value: 'hunter2-of-the-test' }] },
  });
  const record = { Domain: 'example.com', RecordType: 'A', RecordLine: '默认', Value: '127.107.1.1' };
  const { RecordId } = await dnspod.CreateRecord({ ...record, SubDomain: 'new' });
  await tag.ModifyResourceTags({
    Resource: 'qcs::clb:ap-singapore:uin/100000000001:clb/lb-scf00001',
    ReplaceTags: [{ TagKey: 'team', TagValue: 'shop' }],
  });
  const { Events = [] } = await clients.cloudaudit.DescribeEvents(lastHour());
  expect(Events.map((event) => [event.EventName, event.Resources?.ResourceName]).reverse()).toEqual([
    ['CreateRule', 'lb-cvm00001'],
    ['CreateFunction', 'made'],
    ['CreateRecord', String(RecordId)],
    ['ModifyResourceTags', 'qcs::clb:ap-singapore:uin/100000000001:clb/lb-scf00001'],
  ]);
  const kept = JSON.stringify(cloud.account('small-standard').auditEvents);
  for (const secret of [Code.ZipFile, 'hunter2', cloud.keys('small-standard').secretKey]) {
    expect(kept).not.toContain(secret);
  }
});

test('finds events that match all attributes, where one of several names is enough', async () => {
  const { dnspod, cloudaudit } = clients;
  const record = { Domain: 'example.com', RecordType: 'A', RecordLine: '默认', Value: '127.107.1.1' };
  const { RecordId = 0, RequestId = '' } = await dnspod.CreateRecord({ ...record, SubDomain: 'a' });
  await dnspod.DeleteRecord({ Domain: 'example.com', RecordId });
  const found = async (...LookupAttributes: { AttributeKey: string; AttributeValue: string }[]) =>
    (await cloudaudit.DescribeEvents({ ...lastHour(), LookupAttributes })).Events?.map(
      (event) => event.EventName,
    );
  expect(await found(by('EventName', 'DeleteRecord'))).toEqual(['DeleteRecord']);
  expect(await found(by('EventName', 'DeleteRecord'), by('EventName', 'CreateRecord'))).toHaveLength(2);
  expect(await found(by('RequestId', RequestId))).toEqual(['CreateRecord']);
  expect(await found(by('ResourceId', String(RecordId)), by('ActionType', 'Write'))).toHaveLength(2);
  expect(await found(by('ResourceType', 'clb'))).toEqual([]);
  expect(await found(by('ActionType', 'Read'))).toEqual([]);
  expect(await found(by('ApiErrorCode', '0'), by('SourceIPAddress', '127.0.0.1'))).toHaveLength(2);
});

test('continues pages where they ended, even if new events occur in between', async () => {
  const { dnspod, cloudaudit } = clients;
  const add = (n: number) =>
    dnspod.CreateRecord({
      Domain: 'example.com',
      RecordType: 'A',
      RecordLine: '默认',
      SubDomain: `n${n}`,
      Value: '127.107.1.1',
    });
  const made: (string | undefined)[] = [];
  for (let n = 0; n < 5; n += 1) made.push((await add(n)).RequestId);
  const span = lastHour();
  const first = await cloudaudit.DescribeEvents({ ...span, MaxResults: 2 });
  await add(6);
  const seen = [...(first.Events ?? [])];
  let token = first.NextToken;
  for (let over = first.ListOver; over === false; ) {
    const next = await cloudaudit.DescribeEvents({ ...span, MaxResults: 2, NextToken: token ?? 0 });
    seen.push(...(next.Events ?? []));
    over = next.ListOver;
    token = next.NextToken;
  }
  expect(seen.map((event) => event.RequestID)).toEqual(made.reverse());
});

test.each([
  ['InvalidParameterValue.MaxResult', { MaxResults: 51 }],
  ['InvalidParameterValue.attributeKey', { LookupAttributes: [by('Colour', 'red')] }],
  ['InvalidParameterValue.Time', { StartTime: 2_000_000_000, EndTime: 1_000_000_000 }],
])('refuses %s', async (code, given) => {
  expect(await catchCode(clients.cloudaudit.DescribeEvents({ ...lastHour(), ...given }))).toBe(code);
});

test('allows a span of thirty days within the last ninety', async () => {
  const { EndTime } = lastHour();
  const { cloudaudit } = clients;
  const span = (days: number, ago = 0) => ({
    StartTime: EndTime - (days + ago) * 86_400,
    EndTime: EndTime - ago * 86_400,
  });
  expect((await cloudaudit.DescribeEvents(span(30))).Events).toEqual([]);
  expect(await catchCode(cloudaudit.DescribeEvents(span(31)))).toBe('LimitExceeded.OverTime');
  expect(await catchCode(cloudaudit.DescribeEvents(span(10, 81)))).toBe('InvalidParameter.Time');
});
