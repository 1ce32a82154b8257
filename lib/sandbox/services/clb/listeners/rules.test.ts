import { afterAll, beforeEach, expect, test } from 'vitest';
import { startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';
import type { TestClients } from '@/testing/sandbox/test-cloud';

type RuleInput = Parameters<TestClients['clb']['CreateRule']>[0]['Rules'][number];
type Modify = Parameters<TestClients['clb']['ModifyRule']>[0];
type Attributes = Parameters<TestClients['clb']['ModifyDomainAttributes']>[0];
const place = { LoadBalancerId: 'lb-scf00001', ListenerId: 'lbl-scf00001' };

const clbTest = await startClbTestCloud();
const { clb } = clbTest;
beforeEach(() => clbTest.cloud.reset());
afterAll(() => clbTest.cloud.plane.stop());

const create = async (...rules: RuleInput[]) =>
  (await clbTest.done(clb.CreateRule({ ...place, Rules: rules }))).LocationIds ?? [];
const rules = async (listenerId: string = place.ListenerId) =>
  (await clbTest.listeners(place.LoadBalancerId)).find((each) => each.ListenerId === listenerId)?.Rules ?? [];
const find = async (id: string | undefined) => (await rules()).find((rule) => rule.LocationId === id);
const defaults = async () => (await rules()).filter((rule) => rule.DefaultServer).map((rule) => rule.Domain);
/**
 * Creates an HTTPS listener in addition to the HTTP one.
 * @returns its address
 */
async function https(sni = false) {
  const certificate = sni ? { SniSwitch: 1 } : { Certificate: { CertId: 'cert8Kq2x' } };
  const listener = { LoadBalancerId: place.LoadBalancerId, Ports: [443], Protocol: 'HTTPS', ...certificate };
  const { ListenerIds: [id = ''] = [] } = await clbTest.done(clb.CreateListener(listener));
  return { LoadBalancerId: place.LoadBalancerId, ListenerId: id };
}

test('keeps all fields of a rule', async () => {
  const [id] = await create({
    Domains: ['a.example.com', '*.b.example.com'],
    Url: '/api',
    Scheduler: 'LEAST_CONN',
    SessionExpireTime: 3600,
    CookieName: 'lane',
    TargetType: 'TARGETGROUP',
    HealthCheck: { IntervalTime: 10, TimeOut: 4, HttpCode: 3, HttpCheckPath: '/ok', HttpCheckMethod: 'GET' },
  });
  expect(await find(id)).toMatchObject({
    Domain: 'a.example.com',
    Domains: ['a.example.com', '*.b.example.com'],
    Url: '/api',
    Scheduler: 'LEAST_CONN',
    SessionExpireTime: 3600,
    CookieName: 'lane',
    TargetType: 'TARGETGROUP',
    ForwardType: 'HTTP',
    HealthCheck: {
      CheckType: 'HTTP',
      IntervalTime: 10,
      TimeOut: 4,
      HttpCode: 3,
      HttpCheckPath: '/ok',
      HttpCheckMethod: 'GET',
      HealthNum: 3,
      SourceIpType: 0,
    },
    RewriteTarget: { TargetListenerId: null, RewriteType: '' },
    DefaultServer: false,
  });
});

test('gives each domain on HTTPS with SNI its own certificate, HTTP/2 and QUIC', async () => {
  const sni = await https(true);
  const rule = { Domain: 'a.example.com', Url: '/', Http2: true, Quic: true, ForwardType: 'HTTPS' };
  const add = (...more: RuleInput[]) => clb.CreateRule({ ...sni, Rules: more });
  expect(await clbTest.refused(() => add(rule))).toBe('MissingParameter');
  await clbTest.done(add({ ...rule, Certificate: { CertId: 'Sm1aL2sh' } }));
  // A further rule inherits the domain's settings.
  await clbTest.done(add({ Domain: 'a.example.com', Url: '/more' }));
  const both = { Http2: true, QuicStatus: 'QUIC_ACTIVE', Certificate: { CertId: 'Sm1aL2sh' } };
  expect(await rules(sni.ListenerId)).toMatchObject([
    { ...both, ForwardType: 'HTTPS', HealthCheck: { CheckType: 'HTTPS' } },
    both,
  ]);
  expect(await clbTest.refused(() => add({ Domain: 'a.example.com', Url: '/x', Http2: false }))).toBe(
    'InvalidParameterValue',
  );
});

const plain = { Domain: 'a.example.com', Url: '/' };
test.each<[RuleInput, string]>([
  [{ Url: '/' }, 'MissingParameter'],
  [{ ...plain, Domains: ['b.example.com'] }, 'InvalidParameter'],
  [{ Domains: ['a.example.com', 'a.example.com'], Url: '/' }, 'InvalidParameterValue.Duplicate'],
  [{ Domains: ['b.example.com', 'idle.example.com'], Url: '/' }, 'InvalidParameterValue.Duplicate'],
  [{ ...plain, Domain: '' }, 'InvalidParameterValue.Length'],
  [{ ...plain, Domain: `${'a'.repeat(77)}.com` }, 'InvalidParameterValue.Length'],
  [{ ...plain, Domain: '_a.example.com' }, 'InvalidParameter.FormatError'],
  [{ ...plain, Domain: 'a.*.example.com' }, 'InvalidParameter.FormatError'],
  [{ ...plain, Domain: '*.example.*' }, 'InvalidParameter.FormatError'],
  [{ ...plain, Url: '' }, 'InvalidParameterValue.Length'],
  [{ ...plain, Url: `/${'x'.repeat(200)}` }, 'InvalidParameterValue.Length'],
  [{ ...plain, Url: 'x' }, 'InvalidParameter.FormatError'],
  [{ ...plain, SessionExpireTime: 29 }, 'InvalidParameterValue'],
  [{ ...plain, SessionExpireTime: 86_401 }, 'InvalidParameterValue'],
  [{ ...plain, ForwardType: 'TRPC' }, 'InvalidParameterValue'],
  [{ ...plain, TargetType: 'POLARIS' }, 'InvalidParameterValue'],
  [{ ...plain, Http2: true }, 'InvalidParameterValue'],
  [{ ...plain, Certificate: { CertId: 'cert8Kq2x' } }, 'InvalidParameterValue'],
  [{ ...plain, HealthCheck: { CheckType: 'TCP' } }, 'InvalidParameterValue'],
  [{ ...plain, HealthCheck: { IntervalTime: 301 } }, 'InvalidParameterValue'],
  [{ ...plain, HealthCheck: { TimeOut: 5, IntervalTime: 5 } }, 'InvalidParameterValue'],
])('refuses to create a rule from %j', async (rule, code) => {
  expect(await clbTest.refused(() => clb.CreateRule({ ...place, Rules: [rule] }))).toBe(code);
});

test('ignores or refuses a protocol towards the targets that an HTTP listener does not have', async () => {
  const [id] = await create({ ...plain, ForwardType: 'GRPC' });
  expect(await find(id)).toMatchObject({ ForwardType: 'HTTP' });
  await clbTest.cloud.control('PUT', '/assumptions', { 'listener.foreignField': 'refused' });
  const other = { ...plain, Url: '/other', ForwardType: 'GRPC' };
  expect(await clbTest.refused(() => clb.CreateRule({ ...place, Rules: [other] }))).toBe(
    'InvalidParameterValue',
  );
});

test('accepts the documented forms of domains and URLs', async () => {
  const domains = [
    '*.example.com',
    'www.example.*',
    '~^www\\d+\\.example\\.com$',
    'localhost',
    'a-b.example.com',
  ];
  await create(...domains.map((Domain) => ({ Domain, Url: '/' })));
  const urls = ['= /x', '^~ /x', '~ \\.jpg$', '~* \\.png$', '/x/', '/x.html?y=1'];
  await create(...urls.map((Url) => ({ Domain: 'localhost', Url })));
  expect(await rules()).toHaveLength(1 + domains.length + urls.length);
});

test('allows fifty rules per listener, and rules only on HTTP and HTTPS', async () => {
  await create(...Array.from({ length: 49 }, (_, n) => ({ Domain: `n${n}.example.com`, Url: '/' })));
  expect(await clbTest.refused(() => clb.CreateRule({ ...place, Rules: [plain] }))).toBe('LimitExceeded');
  const tcp = { LoadBalancerId: place.LoadBalancerId, Ports: [9000], Protocol: 'TCP' };
  const { ListenerIds: [id = ''] = [] } = await clbTest.done(clb.CreateListener(tcp));
  expect(await clbTest.refused(() => clb.CreateRule({ ...place, ListenerId: id, Rules: [plain] }))).toBe(
    'InvalidParameter.ProtocolCheckFailed',
  );
});

test('keeps fields that a change of a rule omits', async () => {
  const [id = ''] = await create({ ...plain, SessionExpireTime: 60 });
  const before = await find(id);
  await clbTest.done(
    clb.ModifyRule({
      ...place,
      LocationId: id,
      Url: '/new',
      Scheduler: 'IP_HASH',
      CookieName: 'c',
      HealthCheck: { HealthSwitch: 0 },
    }),
  );
  expect(await find(id)).toEqual({
    ...before,
    Url: '/new',
    Scheduler: 'IP_HASH',
    CookieName: 'c',
    HealthCheck: { ...before?.HealthCheck, HealthSwitch: 0 },
  });
});

test.each<[Partial<Modify>, string]>([
  [{ LocationId: 'loc-none' }, 'InvalidParameter.LocationNotFound'],
  [{ Url: '/taken' }, 'InvalidParameterValue.Duplicate'],
  [{ Url: 'x' }, 'InvalidParameter.FormatError'],
  [{ Scheduler: 'RANDOM' }, 'InvalidParameterValue'],
  [{ SessionExpireTime: 1 }, 'InvalidParameterValue'],
  [{ HealthCheck: { HealthNum: 1 } }, 'InvalidParameterValue'],
  [{ OAuth: { OAuthEnable: true } }, 'UnsupportedOperation'],
])('refuses to change a rule to %j', async (change, code) => {
  await create({ Domain: 'idle.example.com', Url: '/taken' });
  const call = () => clb.ModifyRule({ ...place, LocationId: 'loc-idle0001', ...change });
  expect(await clbTest.refused(call)).toBe(code);
});

test('renames a domain on all its rules, and keeps it as the default', async () => {
  await create({ Domain: 'idle.example.com', Url: '/more' }, { Domain: 'x.example.com', Url: '/' });
  await clbTest.done(
    clb.ModifyDomainAttributes({ ...place, Domain: 'idle.example.com', NewDomain: 'busy.example.com' }),
  );
  expect((await rules()).map((rule) => [rule.Domains, rule.Url, rule.DefaultServer])).toEqual([
    [['busy.example.com'], '/', true],
    [['busy.example.com'], '/more', true],
    [['x.example.com'], '/', false],
  ]);
});

test('has exactly one default domain: the first, then the one that is set, then the earliest remaining', async () => {
  await create(
    { Domains: ['b.example.com', 'c.example.com'], Url: '/' },
    { Domain: 'd.example.com', Url: '/' },
  );
  expect(await defaults()).toEqual(['idle.example.com']);
  await create({ Domain: 'e.example.com', Url: '/', DefaultServer: true });
  expect(await defaults()).toEqual(['e.example.com']);
  // By any of its domains.
  const attributes = (domain: string, more: Partial<Attributes>) =>
    clb.ModifyDomainAttributes({ ...place, Domain: domain, ...more });
  await clbTest.done(attributes('c.example.com', { DefaultServer: true }));
  expect(await defaults()).toEqual(['b.example.com']);
  expect(await clbTest.refused(() => attributes('b.example.com', { DefaultServer: false }))).toBe(
    'MissingParameter',
  );
  const next = { DefaultServer: false, NewDefaultServerDomain: 'c.example.com' };
  expect(await clbTest.refused(() => attributes('b.example.com', next))).toBe('InvalidParameterValue');
  await clbTest.done(attributes('b.example.com', { ...next, NewDefaultServerDomain: 'd.example.com' }));
  expect(await defaults()).toEqual(['d.example.com']);
  // Disabling a disabled setting changes nothing.
  await clbTest.done(attributes('e.example.com', { DefaultServer: false }));
  expect(await defaults()).toEqual(['d.example.com']);
  const drop = (domain: string, to?: string) =>
    clb.DeleteRule({ ...place, Domain: domain, ...(to ? { NewDefaultServerDomain: to } : {}) });
  await clbTest.done(drop('d.example.com', 'c.example.com'));
  expect(await defaults()).toEqual(['b.example.com']);
  await clbTest.done(drop('c.example.com'));
  expect(await defaults()).toEqual(['idle.example.com']);
  expect(await clbTest.refused(() => drop('idle.example.com', 'd.example.com'))).toBe(
    'InvalidParameterValue',
  );
});

test('refuses two new domains that are both the default', async () => {
  const pair = ['a', 'b'].map((name) => ({ Domain: `${name}.example.com`, Url: '/', DefaultServer: true }));
  expect(await clbTest.refused(() => clb.CreateRule({ ...place, Rules: pair }))).toBe(
    'InvalidParameterValue',
  );
});

test('changes a domain’s settings on all its rules', async () => {
  const sni = await https(true);
  const certificate = { CertId: 'Sm1aL2sh' };
  const add = ['/', '/more'].map((Url) => ({ Domain: 'a.example.com', Url, Certificate: certificate }));
  await clbTest.done(clb.CreateRule({ ...sni, Rules: add }));
  await clbTest.done(
    clb.ModifyDomainAttributes({
      ...sni,
      Domain: 'a.example.com',
      NewDomains: ['b.example.com', '*.c.example.com'],
      Http2: true,
      Quic: true,
      Certificate: { CertId: 'cert8Kq2x' },
    }),
  );
  const changed = {
    Domains: ['b.example.com', '*.c.example.com'],
    Http2: true,
    QuicStatus: 'QUIC_ACTIVE',
    Certificate: { CertId: 'cert8Kq2x' },
    DefaultServer: true,
  };
  expect(await rules(sni.ListenerId)).toMatchObject([changed, changed]);
});

test.each<[Partial<Attributes>, string]>([
  [{ Domain: 'none.example.com' }, 'InvalidParameter.LocationNotFound'],
  [{ NewDomain: 'a.example.com', NewDomains: ['b.example.com'] }, 'InvalidParameter'],
  [{ NewDomain: 'taken.example.com' }, 'InvalidParameterValue.Duplicate'],
  [{ NewDomain: '_x' }, 'InvalidParameter.FormatError'],
  [{ NewDomain: 'a'.repeat(81) }, 'InvalidParameterValue.Length'],
  [{ NewDomains: [] }, 'InvalidParameterValue.Length'],
  [{ Http2: true }, 'InvalidParameterValue'],
  [{ Quic: true }, 'InvalidParameterValue'],
  [{ Certificate: { CertId: 'cert8Kq2x' } }, 'InvalidParameterValue'],
])('refuses to change a domain of an HTTP listener to %j', async (change, code) => {
  await create({ Domain: 'taken.example.com', Url: '/' });
  const call = () => clb.ModifyDomainAttributes({ ...place, Domain: 'idle.example.com', ...change });
  expect(await clbTest.refused(call)).toBe(code);
});

test('deletes rules by id, by domain and URL, or with their domain', async () => {
  const [first = ''] = await create(
    { Domain: 'a.example.com', Url: '/1' },
    { Domain: 'a.example.com', Url: '/2' },
    { Domain: 'a.example.com', Url: '/3' },
    { Domain: 'a.example.com', Url: '/4' },
  );
  const left = async () => (await rules()).map((rule) => rule.Url);
  await clbTest.done(clb.DeleteRule({ ...place, LocationIds: [first] }));
  await clbTest.done(clb.DeleteRule({ ...place, Domain: 'a.example.com', Url: '/2' }));
  expect(await left()).toEqual(['/', '/3', '/4']);
  await clbTest.done(clb.DeleteRule({ ...place, Domain: 'a.example.com' }));
  expect(await left()).toEqual(['/']);
  const drop = (more: object) => () => clb.DeleteRule({ ...place, ...more });
  expect(await clbTest.refused(drop({}))).toBe('MissingParameter');
  expect(await clbTest.refused(drop({ Domain: 'a.example.com' }))).toBe('InvalidParameter.LocationNotFound');
  expect(await clbTest.refused(drop({ LocationIds: ['loc-idle0001', 'loc-none'] }))).toBe(
    'InvalidParameter.LocationNotFound',
  );
});
