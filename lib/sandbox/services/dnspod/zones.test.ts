import { afterAll, beforeEach, expect, test } from 'vitest';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';
import type { WorldZone } from '../../world/dnspod';

const cloud = await startTestCloud({ seed: 'flash-sale' });
const { dnspod } = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

const main = { Domain: 'example.co.id' };
const free = { Domain: 'example.web.id' };

function zone(name: string): WorldZone {
  const found = cloud.account('niaga').zones[name];
  if (!found) throw new Error(`no zone ${name}`);
  return found;
}

test('lists zones by type, keyword, group, tag and page', async () => {
  zone('example.web.id').tags = { team: 'shop' };
  zone('example.web.id').starred = true;
  zone('example.web.id').enabled = false;
  const names = async (given: Parameters<typeof dnspod.DescribeDomainList>[0]) => {
    const { DomainList: list = [] } = await dnspod.DescribeDomainList(given);
    return list.map((each) => each.Name);
  };
  const both = ['example.co.id', 'example.web.id'];
  expect(await names({})).toEqual(both);
  expect(await names({ Type: 'MINE', GroupId: 1 })).toEqual(both);
  expect(await names({ GroupId: 7 })).toEqual([]);
  expect(await names({ Type: 'VIP' })).toEqual(['example.co.id']);
  for (const type of ['FREE', 'PAUSE', 'ISMARK'])
    expect(await names({ Type: type })).toEqual(['example.web.id']);
  expect(await names({ Type: 'SHARE' })).toEqual([]);
  expect(await names({ Keyword: 'WEB' })).toEqual(['example.web.id']);
  expect(await names({ Tags: [{ TagKey: 'team' }] })).toEqual(['example.web.id']);
  expect(await names({ Tags: [{ TagKey: 'team', TagValue: ['ads'] }] })).toEqual([]);
  expect(await names({ Offset: 1, Limit: 1 })).toEqual(['example.web.id']);
});

test('lists and shows zones with their plan', async () => {
  expect(await dnspod.DescribeDomainList({ Type: 'FREE' })).toMatchObject({
    DomainCountInfo: { DomainTotal: 1, AllTotal: 2, VipTotal: 1, LockTotal: 0 },
    DomainList: [{ Name: 'example.web.id', Grade: 'DP_FREE', GradeLevel: 2, DNSStatus: '' }],
  });
  const { DomainInfo: info } = await dnspod.DescribeDomain(main);
  expect(info).toMatchObject({
    Domain: 'example.co.id',
    Status: 'enable',
    Grade: 'DP_ULTRA',
    GradeTitle: '尊享版',
    IsVip: 'yes',
    DnsStatus: '',
    VipResourceId: null,
    IsMark: 'no',
    DnspodNsList: ['f1g1ns1.dnspod.net', 'f1g1ns2.dnspod.net'],
    RecordCount: zone('example.co.id').records.length,
  });
  expect((await dnspod.DescribeDomain(free)).DomainInfo).toMatchObject({ IsVip: 'no', VipEndAt: null });
});

test('prefers the id of a zone to its name', async () => {
  const id = zone('example.web.id').id;
  const { DomainInfo: info } = await dnspod.DescribeDomain({ ...main, DomainId: id });
  expect(info?.Domain).toBe('example.web.id');
  expect(await catchCode(dnspod.DescribeDomain({ ...main, DomainId: 1 }))).toBe(
    'InvalidParameter.DomainIdInvalid',
  );
  expect(await catchCode(dnspod.DescribeDomain({ Domain: 'other.id' }))).toBe(
    'InvalidParameterValue.DomainNotExists',
  );
});

test.each([
  [{ Type: 'ALMOST' }, 'InvalidParameterValue'],
  [{ Limit: 0 }, 'InvalidParameterValue.LimitInvalid'],
  [{ Limit: 3001 }, 'InvalidParameterValue.LimitInvalid'],
  [{ Offset: -1 }, 'InvalidParameter.OffsetInvalid'],
])('refuses an invalid list of zones: %j', async (given, code) => {
  expect(await catchCode(dnspod.DescribeDomainList(given))).toBe(code);
});

test('returns the minimum TTL of plans and their maximum of records of one name', async () => {
  const { Info: plans = [], LevelMap: order = [] } = await dnspod.DescribePackageDetail(null);
  expect(plans.map((plan) => [plan.DomainGrade, plan.MinTtl, plan.RecordRoll])).toEqual([
    ['D_Free', 120, 4],
    ['D_Plus', 1, 8],
    ['D_Extra', 60, 6],
    ['D_Expert', 1, 10],
    ['D_Ultra', 1, 99_999],
    ['DP_Free', 600, 2],
    ['DP_Plus', 60, 10],
    ['DP_Extra', 60, 15],
    ['DP_Expert', 1, 30],
    ['DP_Ultra', 1, 999],
  ]);
  expect(order.slice(0, 4)).toEqual(['D_Free', 'DP_Free', 'DP_Plus', 'D_Plus']);
  expect(plans.map((plan) => plan.DomainGrade).toSorted()).toEqual([...order].sort());
});

test('returns lines by plan: carriers for all, provinces for the enterprise plan and above', async () => {
  const lines = async (grade: string) => {
    const { LineList: list = [] } = await dnspod.DescribeRecordLineList({ ...main, DomainGrade: grade });
    return new Map(list.map((line) => [line.LineId, line.Name]));
  };
  const ultra = await lines('DP_ULTRA');
  expect(ultra.get('0')).toBe('默认');
  expect(ultra.get('10=3')).toBe('移动');
  expect(ultra.get('20=10')).toBe('广东电信');
  const small = await lines('DP_Free');
  expect(small.get('3=0')).toBe('境外');
  expect(small.has('20=10')).toBe(false);
  expect(await catchCode(dnspod.DescribeRecordLineList({ ...main, DomainGrade: 'GOLD' }))).toBe(
    'InvalidParameterValue.DomainGradeInvalid',
  );
});

test('reads a locked zone and refuses changes to it', async () => {
  zone('example.co.id').locked = true;
  expect((await dnspod.DescribeDomainList({})).DomainCountInfo?.LockTotal).toBe(1);
  const { RecordList: list = [] } = await dnspod.DescribeRecordList({ ...main, Subdomain: 'shop' });
  const record = { ...main, RecordId: list[0]?.RecordId ?? 0 };
  const whole = { ...main, RecordType: 'A', RecordLine: '默认', Value: '127.81.1.20' };
  for (const change of [
    dnspod.CreateRecord({ ...whole, SubDomain: 'new' }),
    dnspod.ModifyRecord({ ...whole, ...record }),
    dnspod.ModifyRecordFields({ ...record, FieldList: [{ Key: 'ttl', Value: '5' }] }),
    dnspod.ModifyRecordStatus({ ...record, Status: 'DISABLE' }),
    dnspod.DeleteRecord(record),
  ]) {
    expect(await catchCode(change)).toBe('FailedOperation.DomainIsLocked');
  }
});
