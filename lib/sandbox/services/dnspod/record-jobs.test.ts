import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
let dnspod: TestClients['dnspod'];
beforeAll(async () => {
  cloud = await startTestCloud({ seed: 'flash-sale' });
  dnspod = cloud.clients().dnspod;
});
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

async function readId(domain: string, name: string): Promise<number> {
  const { RecordList: list = [] } = await dnspod.DescribeRecordList({ Domain: domain, Subdomain: name });
  return list[0]?.RecordId ?? 0;
}
const readRecord = async (domain: string, name: string) =>
  (await dnspod.DescribeRecordList({ Domain: domain, Subdomain: name })).RecordList?.[0];

test('changes the records that it can, and reports the others', async () => {
  const records = [await readId('example.co.id', 'shop'), await readId('example.web.id', 'www')];
  const { JobId: job = 0, DetailList: details } = await dnspod.ModifyRecordBatch({
    RecordIdList: records,
    Change: 'ttl',
    ChangeTo: '30',
  });
  expect(details).toMatchObject([
    {
      Id: 0,
      Domain: 'example.co.id',
      DomainGrade: 'DP_ULTRA',
      Status: 'waiting',
      ErrMsg: null,
      RecordList: [{ RecordId: records[0], TTL: 60, Status: 'waiting', Operation: 'edit', ErrMsg: null }],
    },
    { Id: 1, Domain: 'example.web.id', RecordList: [{ RecordId: records[1], Status: 'waiting' }] },
  ]);
  expect(await readRecord('example.co.id', 'shop')).toMatchObject({ TTL: 60 });

  cloud.clock.advance(1000);
  expect(await dnspod.DescribeBatchTask({ JobId: job })).toMatchObject({
    TotalCount: 2,
    SuccessCount: 1,
    FailCount: 1,
    JobType: 'record_modify',
    DetailList: [
      { Status: 'ok', RecordList: [{ TTL: 30, Status: 'ok', ErrMsg: null }] },
      // The free plan requires 600 s.
      {
        Status: 'error',
        RecordList: [{ TTL: 600, Status: 'error', ErrMsg: expect.stringContaining('600') }],
      },
    ],
  });
  expect(await readRecord('example.co.id', 'shop')).toMatchObject({ TTL: 30 });
  expect(await readRecord('example.web.id', 'www')).toMatchObject({ TTL: 600 });
  const effects: Record<string, number> = await (await cloud.control('GET', '/effects')).json();
  expect(Object.keys(effects).filter((key) => key.includes('ModifyRecordBatch'))).toHaveLength(1);
});

test.each([
  ['sub_domain', 'store', { Name: 'store' }],
  ['area', '联通', { Line: '默认' }],
  ['value', '127.81.1.99', { Value: '127.81.1.99' }],
  ['mx', '7', { MX: 7 }],
  ['status', 'disable', { Status: 'DISABLE' }],
])('changes %s in a job', async (change, to, expected) => {
  const id = await readId('example.co.id', 'event');
  await dnspod.ModifyRecordBatch({ RecordIdList: [id], Change: change, ChangeTo: to });
  cloud.clock.advance(1000);
  const { RecordInfo: info } = await dnspod.DescribeRecord({ Domain: 'example.co.id', RecordId: id });
  const { Name: name = 'event' } = expected as { Name?: string };
  expect(await readRecord('example.co.id', name)).toMatchObject({ RecordId: info?.Id, ...expected });
});

test('changes the type of a record with its value in a job', async () => {
  const id = await readId('example.co.id', 'event');
  const batch = { RecordIdList: [id], Change: 'record_type', ChangeTo: 'MX' };
  expect(await catchCode(dnspod.ModifyRecordBatch(batch))).toBe('MissingParameter');
  expect(await catchCode(dnspod.ModifyRecordBatch({ ...batch, Value: 'mail.example.co.id' }))).toBe(
    'InvalidParameter.MxInvalid',
  );
  await dnspod.ModifyRecordBatch({ ...batch, Value: 'mail.example.co.id', MX: '5' });
  cloud.clock.advance(1000);
  expect(await readRecord('example.co.id', 'event')).toMatchObject({
    Type: 'MX',
    Value: 'mail.example.co.id.',
    MX: 5,
  });
});

test('changes nothing in a job that fails as a whole, and reports why', async () => {
  await cloud.control('POST', '/faults', {
    action: 'ModifyRecordBatch',
    kind: 'taskFails',
    message: 'no luck today',
  });
  const id = await readId('example.co.id', 'shop');
  const { JobId: job = 0 } = await dnspod.ModifyRecordBatch({
    RecordIdList: [id],
    Change: 'ttl',
    ChangeTo: '30',
  });
  cloud.clock.advance(1000);
  expect(await dnspod.DescribeBatchTask({ JobId: job })).toMatchObject({
    SuccessCount: 0,
    FailCount: 1,
    DetailList: [{ Status: 'error', RecordList: [{ TTL: 60, Status: 'error', ErrMsg: 'no luck today' }] }],
  });
  expect(await readRecord('example.co.id', 'shop')).toMatchObject({ TTL: 60 });
});

test('changes nothing in a job that only reports success', async () => {
  await cloud.control('POST', '/faults', { action: 'ModifyRecordBatch', kind: 'changesNothing' });
  const id = await readId('example.co.id', 'shop');
  const { JobId: job = 0 } = await dnspod.ModifyRecordBatch({
    RecordIdList: [id],
    Change: 'ttl',
    ChangeTo: '30',
  });
  cloud.clock.advance(1000);
  expect(await dnspod.DescribeBatchTask({ JobId: job })).toMatchObject({ SuccessCount: 1, FailCount: 0 });
  expect(await readRecord('example.co.id', 'shop')).toMatchObject({ TTL: 60 });
});

test('does not show a job as a task of CLB', async () => {
  const id = await readId('example.co.id', 'shop');
  const { RequestId: task = '' } = await dnspod.ModifyRecordBatch({
    RecordIdList: [id],
    Change: 'ttl',
    ChangeTo: '30',
  });
  expect(await catchCode(cloud.clients().clb.DescribeTaskStatus({ TaskId: task }))).toBe('InvalidParameter');
});

test('refuses invalid jobs', async () => {
  const id = await readId('example.co.id', 'shop');
  const batch = { RecordIdList: [id], Change: 'ttl', ChangeTo: '30' };
  expect(await catchCode(dnspod.ModifyRecordBatch({ ...batch, RecordIdList: [] }))).toBe(
    'InvalidParameter.JobGreaterThanLimit',
  );
  expect(await catchCode(dnspod.ModifyRecordBatch({ ...batch, RecordIdList: [1] }))).toBe(
    'InvalidParameter.RecordIdInvalid',
  );
  expect(await catchCode(dnspod.ModifyRecordBatch({ ...batch, Change: 'weight' }))).toBe(
    'InvalidParameterValue',
  );
  expect(await catchCode(dnspod.ModifyRecordBatch({ ...batch, ChangeTo: 'soon' }))).toBe(
    'InvalidParameterValue',
  );
  expect(await catchCode(dnspod.DescribeBatchTask({ JobId: 1 }))).toBe('InvalidParameter.BatchTaskNotExist');
  for (let count = 0; count < 4; count += 1) await dnspod.ModifyRecordBatch(batch);
  expect(await catchCode(dnspod.ModifyRecordBatch(batch))).toBe('InvalidParameter.BatchTaskCountLimit');
  cloud.clock.advance(1000);
  await dnspod.ModifyRecordBatch(batch);
});
