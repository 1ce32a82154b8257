import { afterEach, beforeEach, expect, test } from 'vitest';
import { type Clients, codeOf, startTestCloud, type TestCloud } from '../../test-cloud';

let cloud: TestCloud;
let dnspod: Clients['dnspod'];
beforeEach(async () => {
  cloud = await startTestCloud({ seed: 'flash-sale' });
  dnspod = cloud.clients().dnspod;
});
afterEach(() => cloud.plane.stop());

const main = { Domain: 'example.co.id' };
const a = { ...main, RecordType: 'A', RecordLine: '默认', Value: '127.81.1.20' };

async function records(name: string) {
  const { RecordList: list } = await dnspod.DescribeRecordList({
    ...main,
    Subdomain: name,
    ErrorOnEmpty: 'no',
  });
  return list ?? [];
}
async function recordOf(name: string) {
  const [record] = await records(name);
  if (record?.RecordId === undefined) throw new Error(`no record ${name}`);
  return { ...record, RecordId: record.RecordId };
}

test('a record is created, read, switched off and deleted', async () => {
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...a, SubDomain: 'new', TTL: 1 });
  expect(await records('new')).toMatchObject([
    { RecordId: id, Value: '127.81.1.20', TTL: 1, Weight: null, Status: 'ENABLE', Line: '默认', LineId: '0' },
  ]);
  await dnspod.ModifyRecordStatus({ ...main, RecordId: id, Status: 'DISABLE' });
  expect(await records('new')).toMatchObject([{ Status: 'DISABLE' }]);
  await dnspod.DeleteRecord({ ...main, RecordId: id });
  expect(await records('new')).toEqual([]);
  expect(await codeOf(dnspod.DeleteRecord({ ...main, RecordId: id }))).toBe(
    'InvalidParameter.RecordIdInvalid',
  );
  expect(Object.values(await (await cloud.control('GET', '/effects')).json())).toEqual([1, 1, 1]);
});

test('nothing found is an error unless the caller says otherwise', async () => {
  expect(await codeOf(dnspod.DescribeRecordList({ ...main, Subdomain: 'none' }))).toBe(
    'ResourceNotFound.NoDataOfRecord',
  );
  const empty = await dnspod.DescribeRecordList({ ...main, Subdomain: 'none', ErrorOnEmpty: 'no' });
  expect(empty).toMatchObject({ RecordCountInfo: { TotalCount: 0 }, RecordList: [] });
  expect(await codeOf(dnspod.DescribeRecordList({ Domain: 'other.id' }))).toBe(
    'InvalidParameterValue.DomainNotExists',
  );
});

test('ModifyRecord sends the whole record: a weight that is left out is gone', async () => {
  const before = await recordOf('checkout');
  expect(before.Weight).toBe(80);
  await dnspod.ModifyRecord({ ...a, SubDomain: 'checkout', RecordId: before.RecordId, TTL: 60 });
  expect(await recordOf('checkout')).toMatchObject({ Value: '127.81.1.20', Weight: null });
});

test('ModifyRecordFields changes what it names, and nothing else', async () => {
  const before = await recordOf('checkout');
  const change = (Key: string, Value: string) =>
    dnspod.ModifyRecordFields({ ...main, RecordId: before.RecordId, FieldList: [{ Key, Value }] });
  await change('ttl', '5');
  expect(await recordOf('checkout')).toMatchObject({ ...before, TTL: 5, UpdatedOn: expect.any(String) });
  await change('weight', '0');
  expect(await recordOf('checkout')).toMatchObject({ Weight: null, TTL: 5 });
  expect(await codeOf(change('weight', '101'))).toBe('InvalidParameter.InvalidWeight');
  expect(await codeOf(change('colour', 'red'))).toBe('InvalidParameterValue');
  expect(await codeOf(change('record_type', 'CNAME'))).toBe('InvalidParameter.RecordValueInvalid');
});

test('names keep a dot at the end, as DNSPod answers them', async () => {
  await dnspod.CreateRecord({
    ...a,
    SubDomain: 'img',
    RecordType: 'CNAME',
    Value: 'lb.example.net',
    TTL: 60,
  });
  expect(await recordOf('img')).toMatchObject({ Type: 'CNAME', Value: 'lb.example.net.' });
});

test.each([
  [{ Value: '300.1.1.1' }, 'InvalidParameter.RecordValueInvalid'],
  [{ RecordType: 'BOGUS' }, 'InvalidParameter.RecordTypeInvalid'],
  [{ RecordLine: 'Mars' }, 'InvalidParameter.RecordLineInvalid'],
  [{ RecordLine: '电信' }, 'FailedOperation.MustAddDefaultLineFirst'],
  [{ Weight: 101 }, 'InvalidParameter.InvalidWeight'],
  [{ TTL: 604_801 }, 'LimitExceeded.RecordTtlLimit'],
  [{ SubDomain: 'a b' }, 'InvalidParameter.SubdomainInvalid'],
  [{ Status: 'MAYBE' }, 'InvalidParameterValue'],
  [{ SubDomain: 'shop', Value: '127.81.1.10' }, 'InvalidParameter.DomainRecordExist'],
  // A CNAME stands alone at its name.
  [
    { SubDomain: 'shop', RecordType: 'CNAME', Value: 'lb.example.net.' },
    'InvalidParameter.DomainRecordExist',
  ],
  [{ SubDomain: 'media' }, 'InvalidParameter.DomainRecordExist'],
])('a record that can’t be is refused: %j', async (change, code) => {
  expect(await codeOf(dnspod.CreateRecord({ ...a, SubDomain: 'new', ...change }))).toBe(code);
});

test('the free plan: no TTL below 600 s, two records of one name', async () => {
  const free = { ...a, Domain: 'example.web.id', SubDomain: 'www' };
  expect(await codeOf(dnspod.CreateRecord({ ...free, TTL: 60 }))).toBe('LimitExceeded.RecordTtlLimit');
  await dnspod.CreateRecord(free);
  const third = { ...free, Value: '127.81.1.21' };
  expect(await codeOf(dnspod.CreateRecord(third))).toBe('LimitExceeded.SubdomainRollLimit');
  // A record that is off doesn't count, until it is switched on.
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...third, Status: 'DISABLE' });
  const on = dnspod.ModifyRecordStatus({ Domain: free.Domain, RecordId: id, Status: 'ENABLE' });
  expect(await codeOf(on)).toBe('LimitExceeded.SubdomainRollLimit');
});

test('DNSPod’s own NS records are listed and stay', async () => {
  const { RecordList: list = [] } = await dnspod.DescribeRecordList({ ...main, RecordType: 'NS' });
  expect(list.map((record) => record.DefaultNS)).toEqual([true, true]);
  expect(await codeOf(dnspod.DeleteRecord({ ...main, RecordId: list[0]?.RecordId ?? 0 }))).toBe(
    'FailedOperation',
  );
});

test('zones are listed with their plan', async () => {
  const zones = await dnspod.DescribeDomainList({ Type: 'FREE' });
  expect(zones).toMatchObject({
    DomainCountInfo: { DomainTotal: 1, AllTotal: 2 },
    DomainList: [{ Name: 'example.web.id', Grade: 'DP_FREE', DNSStatus: '' }],
  });
});
