import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloudTime } from '@/lib/sandbox/world/clock';
import { catchCode, startTestCloud, type TestClients, type TestCloud } from '@/testing/sandbox/test-cloud';

let cloud: TestCloud;
let dnspod: TestClients['dnspod'];
beforeAll(async () => {
  cloud = await startTestCloud({ vipNetwork: '127.101.0.0/16' });
  ({ dnspod } = cloud.clients({ region: '' }));
  const record = { Domain: 'example.com', RecordType: 'A', RecordLine: '默认', Value: '127.101.9.9' };
  cloud.clock.advance(3_600_000);
  await dnspod.CreateRecord({ ...record, SubDomain: 'shop-eu', Weight: 30, TTL: 120, Remark: 'by hand' });
  await dnspod.CreateRecord({ ...record, SubDomain: 'off', Status: 'DISABLE', TTL: 60 });
});
afterAll(() => cloud.plane.stop());

type Records = Omit<Parameters<TestClients['dnspod']['DescribeRecordFilterList']>[0], 'Domain'>;
const records = async (request: Records) => {
  const { RecordList: found } = await dnspod.DescribeRecordFilterList({
    Domain: 'example.com',
    RecordType: ['A'],
    ...request,
  });
  return found?.map((each) => each.Name);
};

test.each<[Records, string[]]>([
  [{}, ['shop', 'sale', 'shop-eu', 'off']],
  [{ SubDomain: 'shop' }, ['shop', 'shop-eu']],
  [{ SubDomain: 'SHOP', IsExactSubDomain: true }, ['shop']],
  [{ RecordType: ['a'], RecordStatus: ['DISABLE'] }, ['off']],
  [{ RecordLine: ['0'], RecordValue: '127.101.9.9' }, ['shop-eu', 'off']],
  [{ WeightBegin: 10, WeightEnd: 30 }, ['shop-eu']],
  [{ TTLBegin: 60, TTLEnd: 100 }, ['off']],
  [{ Remark: 'hand' }, ['shop-eu']],
  [{ Keyword: 'eu' }, ['shop-eu']],
  [{ SortField: 'TTL', SortType: 'DESC', Limit: 2 }, ['shop-eu', 'off']],
  [{ Offset: 3 }, ['off']],
])('records by %j', async (request, names) => {
  expect(await records(request)).toEqual(names);
});

test('filters records by when they were changed', async () => {
  const recently = cloudTime(cloud.clock.now() - 60_000);
  expect(await records({ UpdatedAtBegin: recently })).toEqual(['shop-eu', 'off']);
  expect(await records({ UpdatedAtEnd: recently })).toEqual(['shop', 'sale']);
});

test('returns counts with the records, and an error for an empty result', async () => {
  const { RecordCountInfo: info } = await dnspod.DescribeRecordFilterList({
    Domain: 'example.com',
    Limit: 1,
  });
  expect(info).toEqual({ SubdomainCount: 5, TotalCount: 6, ListCount: 1 });
  expect(await catchCode(records({ SubDomain: 'nothing' }))).toBe('ResourceNotFound.NoDataOfRecord');
  expect(await catchCode(records({ SortField: 'COLOUR' }))).toBe('InvalidParameterValue');
  expect(await catchCode(dnspod.DescribeRecordFilterList({ Domain: 'nowhere.example' }))).toBe(
    'InvalidParameterValue.DomainNotExists',
  );
});

type Domains = Omit<Parameters<TestClients['dnspod']['DescribeDomainFilterList']>[0], 'Type'>;
test.each<[Domains, number]>([
  [{}, 1],
  [{ Keyword: 'EXAMPLE' }, 1],
  [{ Keyword: 'other' }, 0],
  [{ Status: ['ENABLE'], Package: ['DP_ULTRA'] }, 1],
  [{ Status: ['PAUSE'] }, 0],
  [{ Package: ['DP_FREE'] }, 0],
  [{ RecordCountBegin: 4, RecordCountEnd: 10 }, 1],
  [{ RecordCountBegin: 11 }, 0],
  [{ UpdatedAtEnd: '2001-01-01 00:00:00' }, 0],
  [{ Tags: [{ TagKey: 'team' }] }, 0],
  [{ GroupId: [7] }, 0],
])('domains by %j', async (request, count) => {
  const answer = await dnspod.DescribeDomainFilterList({ Type: 'ALL', ...request });
  expect(answer.DomainCountInfo).toMatchObject({ DomainTotal: count, AllTotal: 1 });
  expect(answer.DomainList).toHaveLength(count);
});

test('finds no domains shared by others, and refuses an unknown type', async () => {
  expect((await dnspod.DescribeDomainFilterList({ Type: 'SHARE' })).DomainList).toEqual([]);
  expect(await catchCode(dnspod.DescribeDomainFilterList({ Type: 'THEIRS' }))).toBe('InvalidParameterValue');
});
