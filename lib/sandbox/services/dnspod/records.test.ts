import fc from 'fast-check';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { catchCode, startTestCloud } from '@/testing/sandbox/test-cloud';

const assumptions = new Assumptions();
const cloud = await startTestCloud({ seed: 'flash-sale', assumptions });
const { dnspod } = cloud.clients();
beforeEach(() => cloud.reset());
afterAll(() => cloud.plane.stop());

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
async function findRecord(name: string) {
  const [record] = await records(name);
  if (record?.RecordId === undefined) throw new Error(`no record ${name}`);
  return { ...record, RecordId: record.RecordId };
}

test('creates, reads, disables and deletes a record', async () => {
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...a, SubDomain: 'new', TTL: 1 });
  expect(await records('new')).toMatchObject([
    { RecordId: id, Value: '127.81.1.20', TTL: 1, Weight: null, Status: 'ENABLE', Line: '默认', LineId: '0' },
  ]);
  await dnspod.ModifyRecordStatus({ ...main, RecordId: id, Status: 'DISABLE' });
  expect(await records('new')).toMatchObject([{ Status: 'DISABLE' }]);
  await dnspod.DeleteRecord({ ...main, RecordId: id });
  expect(await records('new')).toEqual([]);
  expect(await catchCode(dnspod.DeleteRecord({ ...main, RecordId: id }))).toBe(
    'InvalidParameter.RecordIdInvalid',
  );
  expect(Object.values(await (await cloud.control('GET', '/effects')).json())).toEqual([1, 1, 1]);
});

test('returns an error for an empty result unless the caller opts out', async () => {
  expect(await catchCode(dnspod.DescribeRecordList({ ...main, Subdomain: 'none' }))).toBe(
    'ResourceNotFound.NoDataOfRecord',
  );
  const empty = await dnspod.DescribeRecordList({ ...main, Subdomain: 'none', ErrorOnEmpty: 'no' });
  expect(empty).toMatchObject({ RecordCountInfo: { TotalCount: 0 }, RecordList: [] });
  expect(await catchCode(dnspod.DescribeRecordList({ Domain: 'other.id' }))).toBe(
    'InvalidParameterValue.DomainNotExists',
  );
});

test('replaces the whole record with ModifyRecord: a weight that is left out is removed', async () => {
  const before = await findRecord('checkout');
  expect(before.Weight).toBe(80);
  await dnspod.ModifyRecord({ ...a, SubDomain: 'checkout', RecordId: before.RecordId, TTL: 60 });
  expect(await findRecord('checkout')).toMatchObject({ Value: '127.81.1.20', Weight: null });
});

test('changes only the named fields with ModifyRecordFields', async () => {
  const before = await findRecord('checkout');
  const change = (Key: string, Value: string) =>
    dnspod.ModifyRecordFields({ ...main, RecordId: before.RecordId, FieldList: [{ Key, Value }] });
  await change('ttl', '5');
  expect(await findRecord('checkout')).toMatchObject({ ...before, TTL: 5, UpdatedOn: expect.any(String) });
  await change('weight', '0');
  expect(await findRecord('checkout')).toMatchObject({ Weight: null, TTL: 5 });
  expect(await catchCode(change('weight', '101'))).toBe('InvalidParameter.InvalidWeight');
  expect(await catchCode(change('colour', 'red'))).toBe('InvalidParameterValue');
  expect(await catchCode(change('record_type', 'CNAME'))).toBe('InvalidParameter.RecordValueInvalid');
});

test.each([
  ['unset', null, null, null],
  ['kept', null, 80, 80],
  ['refused', 'InvalidParameter.InvalidWeight', 80, 80],
] as const)('a removed weight is %s, as assumed', async (value, code, named, omitted) => {
  assumptions.set('dnspod.unsetWeight', value);
  const { RecordId, Weight } = await findRecord('checkout');
  expect(Weight).toBe(80);
  const weigh = (Value: string) =>
    dnspod.ModifyRecordFields({ ...main, RecordId, FieldList: [{ Key: 'weight', Value }] });
  const refusal = await weigh('0').then(
    () => null,
    (error: { code: string }) => error.code,
  );
  expect(refusal).toBe(code);
  expect(await findRecord('checkout')).toMatchObject({ Weight: named });
  await weigh('80');
  await dnspod.ModifyRecord({ ...a, SubDomain: 'checkout', RecordId });
  expect(await findRecord('checkout')).toMatchObject({ Value: a.Value, Weight: omitted });
  await weigh('7');
  expect(await findRecord('checkout')).toMatchObject({ Weight: 7 });
});

test('names keep a trailing dot, as in responses of DNSPod', async () => {
  await dnspod.CreateRecord({
    ...a,
    SubDomain: 'img',
    RecordType: 'CNAME',
    Value: 'lb.example.net',
    TTL: 60,
  });
  expect(await findRecord('img')).toMatchObject({ Type: 'CNAME', Value: 'lb.example.net.' });
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
  // A CNAME must be the only record at its name.
  [
    { SubDomain: 'shop', RecordType: 'CNAME', Value: 'lb.example.net.' },
    'InvalidParameter.DomainRecordExist',
  ],
  [{ SubDomain: 'media' }, 'InvalidParameter.DomainRecordExist'],
  [{ RecordType: 'AAAA', Value: '127.0.0.1' }, 'InvalidParameter.RecordValueInvalid'],
  [{ RecordType: 'CNAME', Value: '-.example' }, 'InvalidParameter.RecordValueInvalid'],
  [{ RecordType: 'TXT', Value: 'x'.repeat(2049) }, 'InvalidParameter.RecordValueLengthInvalid'],
  [{ RecordType: 'TXT', Value: '' }, 'InvalidParameter.RecordValueInvalid'],
  [{ RecordType: 'SRV', Value: '1 2 70000 sip.example.net' }, 'InvalidParameter.RecordValueInvalid'],
  [{ RecordType: 'CAA', Value: '256 issue "ca.example"' }, 'InvalidParameter.RecordValueInvalid'],
  [{ RecordType: 'MX', Value: 'mail.example.net' }, 'InvalidParameter.MxInvalid'],
  [{ RecordType: 'MX', Value: 'mail.example.net', MX: 65_536 }, 'InvalidParameter.MxInvalid'],
  [{ RecordType: '显性URL', Value: 'http://example.net' }, 'InvalidParameter.DomainNotBeian'],
  [{ RecordLine: '默认', RecordLineId: '10=99' }, 'InvalidParameter.RecordLineInvalid'],
  [
    { SubDomain: '@', RecordType: 'NS', RecordLine: '联通', Value: 'ns1.example.net' },
    'LimitExceeded.AtNsRecordLimit',
  ],
  [{ Weight: -1 }, 'InvalidParameter.InvalidWeight'],
  [{ TTL: 0 }, 'LimitExceeded.RecordTtlLimit'],
  [{ Remark: 'x'.repeat(201) }, 'InvalidParameter.RemarkTooLong'],
  [{ SubDomain: '*a' }, 'InvalidParameter.SubdomainInvalid'],
  [{ SubDomain: '-a' }, 'InvalidParameter.SubdomainInvalid'],
])('refuses an invalid record: %j', async (change, code) => {
  expect(await catchCode(dnspod.CreateRecord({ ...a, SubDomain: 'new', ...change }))).toBe(code);
});

test('limits the free plan to TTLs from 600 s and two records of one name', async () => {
  const free = { ...a, Domain: 'example.web.id', SubDomain: 'www' };
  expect(await catchCode(dnspod.CreateRecord({ ...free, TTL: 60 }))).toBe('LimitExceeded.RecordTtlLimit');
  await dnspod.CreateRecord(free);
  const third = { ...free, Value: '127.81.1.21' };
  expect(await catchCode(dnspod.CreateRecord(third))).toBe('LimitExceeded.SubdomainRollLimit');
  // A disabled record doesn't count until it is enabled.
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...third, Status: 'DISABLE' });
  const on = dnspod.ModifyRecordStatus({ Domain: free.Domain, RecordId: id, Status: 'ENABLE' });
  expect(await catchCode(on)).toBe('LimitExceeded.SubdomainRollLimit');
});

test('limits the free plan to five levels and no provinces', async () => {
  const free = { ...a, Domain: 'example.web.id' };
  expect(await catchCode(dnspod.CreateRecord({ ...free, SubDomain: 'a.b.c.d.e.f' }))).toBe(
    'LimitExceeded.SubdomainLevelLimit',
  );
  expect(await catchCode(dnspod.CreateRecord({ ...free, SubDomain: '*.b.c.d.e.f' }))).toBe(
    'LimitExceeded.SubdomainWcardLimit',
  );
  await dnspod.CreateRecord({ ...free, SubDomain: 'a.b.c.d.e' });
  const province = { ...free, SubDomain: 'www', RecordLine: '广东电信', Value: '127.81.1.30' };
  expect(await catchCode(dnspod.CreateRecord(province))).toBe('InvalidParameter.RecordLineInvalid');
  await dnspod.CreateRecord({ ...a, SubDomain: 'shop', RecordLine: '广东电信', Value: '127.81.1.30' });
});

test('counts the records of each line separately, and accepts two names for the default line', async () => {
  const free = { ...a, Domain: 'example.web.id', SubDomain: 'www' };
  await dnspod.CreateRecord({ ...free, RecordLine: 'Default' });
  for (const host of [1, 2]) {
    await dnspod.CreateRecord({ ...free, RecordLine: '电信', Value: `127.81.2.${host}` });
  }
  const third = { ...free, RecordLine: '', RecordLineId: '10=0', Value: '127.81.2.3' };
  expect(await catchCode(dnspod.CreateRecord(third))).toBe('LimitExceeded.SubdomainRollLimit');
  // The same value exists on another line; the id takes precedence over the name.
  await dnspod.CreateRecord({ ...free, RecordLine: '电信', RecordLineId: '10=1', Value: '127.81.2.1' });
  const { RecordList: list = [] } = await dnspod.DescribeRecordList({
    Domain: 'example.web.id',
    Subdomain: 'www',
    RecordLine: 'Default',
  });
  expect(list.map((record) => record.Line)).toEqual(['默认', '默认']);
  const unicom = await dnspod.DescribeRecordList({
    Domain: 'example.web.id',
    RecordLine: '电信',
    RecordLineId: '10=1',
  });
  expect(unicom.RecordList).toMatchObject([{ Line: '联通', Value: '127.81.2.1' }]);
});

test('checks a disabled record against others only when it is enabled', async () => {
  const alias = { ...a, SubDomain: 'shop', RecordType: 'CNAME', Value: 'lb.example.net', Status: 'DISABLE' };
  const { RecordId: id = 0 } = await dnspod.CreateRecord(alias);
  const on = { ...main, RecordId: id, Status: 'ENABLE' };
  expect(await catchCode(dnspod.ModifyRecordStatus(on))).toBe('InvalidParameter.DomainRecordExist');
  await dnspod.ModifyRecordStatus({ ...on, Status: 'disable' });
  const shop = (await records('shop')).find((record) => record.Type === 'A');
  await dnspod.ModifyRecordStatus({ ...main, RecordId: shop?.RecordId ?? 0, Status: 'DISABLE' });
  await dnspod.ModifyRecordStatus(on);
});

test('uses the assumed code for a CNAME conflict', async () => {
  assumptions.set('dnspod.cnameConflict', 'InvalidParameter.CustomMessage');
  expect(await catchCode(cloud.clients().dnspod.CreateRecord({ ...a, SubDomain: 'media' }))).toBe(
    'InvalidParameter.CustomMessage',
  );
});

test('allows a CNAME at the apex beside DNSPod’s own NS records', async () => {
  await dnspod.CreateRecord({ ...a, RecordType: 'CNAME', Value: 'lb.example.net' });
  expect(await catchCode(dnspod.CreateRecord(a))).toBe('InvalidParameter.DomainRecordExist');
});

test('changes and shows a new record at once, but lists it only when it is indexed', async () => {
  assumptions.set('dnspod.indexLagMs', 30_000);
  const { RecordId: id = 0 } = await dnspod.CreateRecord({ ...a, SubDomain: 'late' });
  expect(await records('late')).toEqual([]);
  await dnspod.ModifyRecordFields({ ...main, RecordId: id, FieldList: [{ Key: 'ttl', Value: '7' }] });
  const { RecordInfo: info } = await dnspod.DescribeRecord({ ...main, RecordId: id });
  expect(info).toMatchObject({
    Id: id,
    SubDomain: 'late',
    RecordType: 'A',
    RecordLine: '默认',
    RecordLineId: '0',
    TTL: 7,
    Weight: null,
    MX: 0,
    Enabled: 1,
    MonitorStatus: '',
    Remark: '',
    DomainId: 90_417_001,
  });
  cloud.clock.advance(29_999);
  expect(await records('late')).toEqual([]);
  cloud.clock.advance(1);
  expect(await records('late')).toMatchObject([{ RecordId: id, TTL: 7 }]);
});

test('blocks a record for an hour after repeated modifications without a change, if so assumed', async () => {
  assumptions.set('dnspod.unchangedMax', 5);
  const { RecordId: id = 0 } = await findRecord('shop');
  const modify = (ttl: string) =>
    dnspod.ModifyRecordFields({ ...main, RecordId: id, FieldList: [{ Key: 'ttl', Value: ttl }] });
  for (const ttl of ['60', '60', '61', '61', '61', '62', '62', '62']) await modify(ttl);
  expect(await catchCode(modify('63'))).toBe('InvalidParameter.OperationIsTooFrequent');
  await dnspod.ModifyRecordStatus({ ...main, RecordId: id, Status: 'DISABLE' });
  cloud.clock.advance(3_600_000);
  await modify('63');
  expect(await findRecord('shop')).toMatchObject({ TTL: 63, Status: 'DISABLE' });
});

test('finds records by name, type, line and keyword, in the requested order, page by page', async () => {
  const list = async (given: object) => {
    const answer = await dnspod.DescribeRecordList({ ...main, ErrorOnEmpty: 'no', ...given });
    return {
      ...answer.RecordCountInfo,
      names: answer.RecordList?.map((record) => record.Name),
    };
  };
  expect(await list({ SubDomain: 'SHOP', Subdomain: 'flash' })).toMatchObject({ names: ['shop'] });
  expect(await list({ RecordType: 'CNAME' })).toMatchObject({ names: ['media'] });
  expect(await list({ RecordLineId: '10=0' })).toMatchObject({ TotalCount: 0 });
  expect(await list({ Keyword: 'CHECK' })).toEqual({
    SubdomainCount: 1,
    TotalCount: 2,
    ListCount: 2,
    names: ['checkout', 'checkout'],
  });
  expect(await list({ Keyword: '2001:db8' })).toMatchObject({ names: ['m'] });
  expect(await list({ GroupId: 34 })).toMatchObject({ TotalCount: 0 });
  expect(await list({ SortField: 'name', SortType: 'DESC', Limit: 2 })).toMatchObject({
    ListCount: 2,
    names: ['www', 'shop'],
  });
  expect(await list({ SortField: 'weight', SortType: 'DESC', Limit: 1, Offset: 1 })).toMatchObject({
    names: ['checkout'],
  });
  expect(await list({ SortField: 'ttl', Limit: 1 })).toMatchObject({ names: ['flash'] });
});

test.each([
  [{ SortField: 'colour' }, 'InvalidParameterValue'],
  [{ SortType: 'UP' }, 'InvalidParameterValue'],
  [{ ErrorOnEmpty: 'maybe' }, 'InvalidParameterValue'],
  [{ Limit: 3001 }, 'InvalidParameterValue.LimitInvalid'],
  [{ RecordLine: 'Mars' }, 'InvalidParameter.RecordLineInvalid'],
])('refuses an invalid list of records: %j', async (given, code) => {
  expect(await catchCode(dnspod.DescribeRecordList({ ...main, ...given }))).toBe(code);
});

test('keeps the rules of the zone over random changes, and changes nothing when one is refused', async () => {
  const values = ['127.81.3.1', '127.81.3.2', '127.81.3.3'];
  const change = fc.record({
    type: fc.constantFrom('A', 'CNAME'),
    line: fc.constantFrom('默认', '电信', '联通'),
    value: fc.constantFrom(...values),
    status: fc.constantFrom('ENABLE', 'DISABLE'),
    ttl: fc.constantFrom(60, 600),
    remove: fc.boolean(),
  });
  const zone = () => cloud.account('niaga').zones['example.web.id'];
  await fc.assert(
    fc.asyncProperty(fc.array(change, { minLength: 3, maxLength: 12 }), async (changes) => {
      for (const { type, line, value, status, ttl, remove } of changes) {
        const before = JSON.stringify(zone());
        const own = zone()?.records.filter((record) => record.subdomain === 'run') ?? [];
        const last = own.at(-1);
        const call =
          remove && last
            ? dnspod.DeleteRecord({ Domain: 'example.web.id', RecordId: last.id })
            : dnspod.CreateRecord({
                Domain: 'example.web.id',
                SubDomain: 'run',
                RecordType: type,
                RecordLine: line,
                Value: type === 'A' ? value : `h${value.slice(-1)}.example.net`,
                Status: status,
                TTL: ttl,
              });
        const refused = await call.then(
          () => false,
          () => true,
        );
        if (refused) expect(JSON.stringify(zone())).toBe(before);
      }
      const enabled = zone()?.records.filter((record) => record.subdomain === 'run' && record.enabled) ?? [];
      for (const line of new Set(enabled.map((record) => record.lineId))) {
        const onLine = enabled.filter((record) => record.lineId === line);
        expect(new Set(onLine.map((record) => record.type)).size).toBe(1);
        expect(onLine.length).toBeLessThanOrEqual(2);
        expect(new Set(onLine.map((record) => record.value)).size).toBe(onLine.length);
      }
      expect(enabled.every((record) => record.ttlS >= 600)).toBe(true);
      const zoneNow = zone();
      if (zoneNow) zoneNow.records = zoneNow.records.filter((record) => record.subdomain !== 'run');
      cloud.clock.advance(1000);
    }),
    { numRuns: 15 },
  );
});

test('lists DNSPod’s own NS records and keeps them', async () => {
  const { RecordList: list = [] } = await dnspod.DescribeRecordList({ ...main, RecordType: 'NS' });
  expect(list.map((record) => record.DefaultNS)).toEqual([true, true]);
  expect(await catchCode(dnspod.DeleteRecord({ ...main, RecordId: list[0]?.RecordId ?? 0 }))).toBe(
    'FailedOperation',
  );
});
