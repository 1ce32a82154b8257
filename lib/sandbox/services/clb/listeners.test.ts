import { afterAll, beforeEach, expect, test } from 'vitest';
import { startClbTestCloud } from '@/testing/sandbox/services/clb/clb-test-cloud';
import { catchCode, type TestClients } from '@/testing/sandbox/test-cloud';

type Create = Parameters<TestClients['clb']['CreateListener']>[0];
type Modify = Parameters<TestClients['clb']['ModifyListener']>[0];
const lb = 'lb-scf00001';
const one = { CertId: 'cert8Kq2x' };

const clbTest = await startClbTestCloud();
const { clb } = clbTest;
beforeEach(() => clbTest.cloud.reset());
afterAll(() => clbTest.cloud.plane.stop());

const create = async (request: Omit<Create, 'LoadBalancerId'>) => {
  const { ListenerIds: ids = [] } = await clbTest.done(
    clb.CreateListener({ LoadBalancerId: lb, ...request }),
  );
  return ids;
};
const find = async (id: string | undefined) =>
  (await clbTest.listeners(lb)).find((listener) => listener.ListenerId === id);

test('returns the ids of listeners at once, and creates the listeners when the task ends', async () => {
  const write = clb.CreateListener({
    LoadBalancerId: lb,
    Ports: [8080, 8081],
    Protocol: 'HTTP',
    ListenerNames: ['first', 'second'],
    KeepaliveEnable: 1,
  });
  const { ListenerIds: ids } = await write;
  expect(ids).toEqual([
    expect.stringMatching(/^lbl-[a-z0-9]{8}$/),
    expect.stringMatching(/^lbl-[a-z0-9]{8}$/),
  ]);
  expect(await clbTest.listeners(lb)).toHaveLength(1);
  expect(await catchCode(clb.CreateListener({ LoadBalancerId: lb, Ports: [8082], Protocol: 'HTTP' }))).toBe(
    'FailedOperation.ResourceInOperating',
  );
  clbTest.cloud.clock.advance(1000);
  expect(await clbTest.listeners(lb)).toMatchObject([
    { ListenerId: 'lbl-scf00001' },
    {
      ListenerId: ids?.[0],
      ListenerName: 'first',
      Port: 8080,
      KeepaliveEnable: 1,
      Rules: [],
      Scheduler: null,
    },
    { ListenerId: ids?.[1], ListenerName: 'second', Port: 8081, HealthCheck: null, EndPort: 0 },
  ]);
  expect(await (await clbTest.cloud.control('GET', '/effects')).json()).toMatchObject({
    [`CreateListener ${lb}/${ids?.[0]}`]: 1,
  });
});

test.each<[string, Omit<Create, 'LoadBalancerId'>, object]>([
  [
    'TCP with its own health check',
    {
      Ports: [9000],
      Protocol: 'TCP',
      Scheduler: 'LEAST_CONN',
      SessionExpireTime: 60,
      HealthCheck: { IntervalTime: 10, TimeOut: 5, HealthNum: 2, UnHealthNum: 4, CheckPort: 9001 },
      RescheduleInterval: 30,
    },
    {
      Scheduler: 'LEAST_CONN',
      SessionExpireTime: 60,
      IdleConnectTimeout: 900,
      RescheduleInterval: 30,
      Rules: null,
      HealthCheck: {
        HealthSwitch: 1,
        IntervalTime: 10,
        TimeOut: 5,
        HealthNum: 2,
        UnHealthNum: 4,
        CheckType: 'TCP',
        CheckPort: 9001,
        HttpCode: null,
      },
    },
  ],
  [
    'TCP checked over HTTP',
    {
      Ports: [9000],
      Protocol: 'TCP',
      HealthCheck: {
        CheckType: 'HTTP',
        HttpCheckDomain: 'a.example.com',
        HttpVersion: 'HTTP/1.1',
        HttpCode: 2,
      },
    },
    {
      HealthCheck: {
        CheckType: 'HTTP',
        HttpCheckDomain: 'a.example.com',
        HttpVersion: 'HTTP/1.1',
        HttpCode: 2,
      },
    },
  ],
  [
    'UDP on a port of TCP',
    { Ports: [80], Protocol: 'UDP' },
    { Port: 80, HealthCheck: { CheckType: 'PING' } },
  ],
  [
    'UDP checked by content',
    {
      Ports: [53],
      Protocol: 'UDP',
      HealthCheck: { CheckType: 'CUSTOM', ContextType: 'HEX', SendContext: '0A', RecvContext: 'FF' },
    },
    { HealthCheck: { CheckType: 'CUSTOM', ContextType: 'HEX', SendContext: '0A', RecvContext: 'FF' } },
  ],
  ['a port range', { Ports: [7000], EndPort: 7100, Protocol: 'TCP' }, { Port: 7000, EndPort: 7100 }],
  [
    'HTTPS',
    { Ports: [443], Protocol: 'HTTPS', Certificate: one },
    {
      SniSwitch: 0,
      Certificate: { SSLMode: 'UNIDIRECTIONAL', CertId: 'cert8Kq2x', CertCaId: '', ExtCertIds: [] },
    },
  ],
  [
    'HTTPS that asks for client certificates',
    { Ports: [443], Protocol: 'HTTPS', Certificate: { ...one, SSLMode: 'MUTUAL', CertCaId: 'Sm3aL4ca' } },
    { Certificate: { SSLMode: 'MUTUAL', SSLVerifyClient: 'ON', CertCaId: 'Sm3aL4ca' } },
  ],
  [
    'HTTPS with two certificates',
    {
      Ports: [443],
      Protocol: 'HTTPS',
      MultiCertInfo: { SSLMode: 'UNIDIRECTIONAL', CertList: [one, { CertId: 'Sm1aL2sh' }] },
    },
    { Certificate: { CertId: 'cert8Kq2x', ExtCertIds: ['Sm1aL2sh'] } },
  ],
  ['HTTPS with SNI', { Ports: [443], Protocol: 'HTTPS', SniSwitch: 1 }, { SniSwitch: 1, Certificate: null }],
  [
    'QUIC',
    { Ports: [443], Protocol: 'QUIC', Certificate: one },
    { Protocol: 'QUIC', HealthCheck: { CheckType: 'TCP' } },
  ],
])('%s', async (_, request, answer) => {
  const [id] = await create(request);
  expect(await find(id)).toMatchObject(answer);
});

test.each<[Omit<Create, 'LoadBalancerId'>, string]>([
  [{ Ports: [], Protocol: 'HTTP' }, 'InvalidParameterValue.Length'],
  [{ Ports: [0], Protocol: 'HTTP' }, 'InvalidParameterValue'],
  [{ Ports: [65_536], Protocol: 'HTTP' }, 'InvalidParameterValue'],
  [{ Ports: [81.5], Protocol: 'HTTP' }, 'InvalidParameterValue'],
  [{ Ports: [81, 81], Protocol: 'HTTP' }, 'InvalidParameterValue.Duplicate'],
  [{ Ports: [81], Protocol: 'FTP' }, 'InvalidParameterValue'],
  [{ Ports: [80], Protocol: 'TCP' }, 'InvalidParameter.PortCheckFailed'],
  [{ Ports: [3306], Protocol: 'HTTP' }, 'InvalidParameter.PortCheckFailed'],
  [{ Ports: [79], EndPort: 81, Protocol: 'TCP' }, 'InvalidParameter.PortCheckFailed'],
  [{ Ports: [90], EndPort: 90, Protocol: 'TCP' }, 'InvalidParameterValue'],
  [{ Ports: [90, 91], EndPort: 99, Protocol: 'TCP' }, 'InvalidParameterValue'],
  [{ Ports: [90], EndPort: 99, Protocol: 'HTTP' }, 'InvalidParameterValue'],
  [{ Ports: [81, 82], Protocol: 'HTTP', ListenerNames: ['one'] }, 'InvalidParameterValue.Length'],
  [{ Ports: [81], Protocol: 'HTTP', ListenerNames: [''] }, 'InvalidParameterValue.Length'],
  [{ Ports: [443], Protocol: 'HTTPS' }, 'MissingParameter'],
  [{ Ports: [443], Protocol: 'HTTPS', Certificate: { CertId: 'none' } }, 'InvalidParameterValue'],
  // A client CA is not a server certificate.
  [{ Ports: [443], Protocol: 'HTTPS', Certificate: { CertId: 'Sm3aL4ca' } }, 'InvalidParameterValue'],
  [{ Ports: [443], Protocol: 'HTTPS', Certificate: {} }, 'MissingParameter'],
  [{ Ports: [443], Protocol: 'HTTPS', Certificate: { ...one, SSLMode: 'MUTUAL' } }, 'MissingParameter'],
  [{ Ports: [443], Protocol: 'HTTPS', Certificate: { ...one, SSLMode: 'NONE' } }, 'InvalidParameterValue'],
  [{ Ports: [443], Protocol: 'HTTPS', SniSwitch: 1, Certificate: one }, 'InvalidParameterValue'],
  [
    {
      Ports: [443],
      Protocol: 'HTTPS',
      Certificate: one,
      MultiCertInfo: { SSLMode: 'UNIDIRECTIONAL', CertList: [one] },
    },
    'InvalidParameter',
  ],
  [
    { Ports: [443], Protocol: 'HTTPS', MultiCertInfo: { SSLMode: 'UNIDIRECTIONAL', CertList: [one, one] } },
    'InvalidParameterValue',
  ],
  [{ Ports: [81], Protocol: 'TCP', Scheduler: 'RANDOM' }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', Scheduler: 'IP_HASH' }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', SessionExpireTime: 29 }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', SessionType: 'QUIC_CID' }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', MaxConn: 100 }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', IdleConnectTimeout: 901 }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', HealthCheck: { IntervalTime: 1 } }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', HealthCheck: { TimeOut: 5 } }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', HealthCheck: { HealthNum: 11 } }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', HealthCheck: { HttpCode: 32 } }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', HealthCheck: { CheckType: 'PING' } }, 'InvalidParameterValue'],
  [{ Ports: [81], Protocol: 'TCP', HealthCheck: { CheckType: 'HTTP' } }, 'MissingParameter'],
  [{ Ports: [81], Protocol: 'UDP', HealthCheck: { CheckType: 'CUSTOM' } }, 'MissingParameter'],
  [
    {
      Ports: [81],
      Protocol: 'UDP',
      HealthCheck: { CheckType: 'CUSTOM', ContextType: 'HEX', SendContext: 'ABC', RecvContext: '' },
    },
    'InvalidParameterValue',
  ],
  [{ Ports: [81], Protocol: 'HTTP', H2cSwitch: true }, 'UnsupportedOperation'],
])('refuses to create a listener from %j', async (request, code) => {
  const call = () => clb.CreateListener({ LoadBalancerId: lb, ...request });
  expect(await clbTest.refused(call)).toBe(code);
});

test('limits a load balancer to fifty listeners', async () => {
  await create({ Ports: Array.from({ length: 49 }, (_, n) => 8000 + n), Protocol: 'HTTP' });
  const more = () => clb.CreateListener({ LoadBalancerId: lb, Ports: [9000], Protocol: 'HTTP' });
  expect(await clbTest.refused(more)).toBe('LimitExceeded');
});

test('keeps fields that a change omits', async () => {
  const [id = ''] = await create({
    Ports: [9000],
    Protocol: 'TCP',
    SessionExpireTime: 60,
    ListenerNames: ['old'],
  });
  const before = await find(id);
  await clbTest.done(
    clb.ModifyListener({
      LoadBalancerId: lb,
      ListenerId: id,
      ListenerName: 'new',
      Scheduler: 'IP_HASH',
      HealthCheck: { UnHealthNum: 5, IntervalTime: 60, TimeOut: 35 },
      RescheduleUnhealthy: true,
    }),
  );
  expect(await find(id)).toEqual({
    ...before,
    ListenerName: 'new',
    Scheduler: 'IP_HASH',
    HealthCheck: { ...before?.HealthCheck, UnHealthNum: 5, IntervalTime: 60, TimeOut: 35 },
  });
});

test('keeps SNI on once it is on, and gives the domains the listener’s former certificate', async () => {
  const [id = ''] = await create({ Ports: [443], Protocol: 'HTTPS', Certificate: one });
  const place = { LoadBalancerId: lb, ListenerId: id };
  await clbTest.done(clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] }));
  await clbTest.done(clb.ModifyListener({ ...place, Certificate: { CertId: 'Sm1aL2sh' } }));
  expect(await find(id)).toMatchObject({ Certificate: { CertId: 'Sm1aL2sh' } });
  await clbTest.done(clb.ModifyListener({ ...place, SniSwitch: 1 }));
  expect(await find(id)).toMatchObject({
    SniSwitch: 1,
    Certificate: null,
    Rules: [{ Certificate: { CertId: 'Sm1aL2sh' } }],
  });
  expect(await clbTest.refused(() => clb.ModifyListener({ ...place, SniSwitch: 0 }))).toBe(
    'InvalidParameterValue',
  );
  expect(await clbTest.refused(() => clb.ModifyListener({ ...place, Certificate: one }))).toBe(
    'InvalidParameterValue',
  );
});

test.each<[Partial<Modify>, string]>([
  [{ ListenerId: 'lbl-none' }, 'InvalidParameter.ListenerIdNotFound'],
  [{ LoadBalancerId: 'lb-none' }, 'InvalidParameter.LBIdNotFound'],
  [{ ListenerName: 'x'.repeat(81) }, 'InvalidParameterValue.Length'],
  [{ SessionExpireTime: 5000 }, 'InvalidParameterValue'],
  [{ RescheduleStartTime: 3601 }, 'InvalidParameterValue'],
])('refuses to change an HTTP listener to %j', async (change, code) => {
  const call = () => clb.ModifyListener({ LoadBalancerId: lb, ListenerId: 'lbl-scf00001', ...change });
  expect(await clbTest.refused(call)).toBe(code);
});

test('ignores a field of other protocols, as the Terraform provider requires', async () => {
  const [http = ''] = await create({
    Ports: [81],
    Protocol: 'HTTP',
    Scheduler: 'LEAST_CONN',
    Certificate: one,
  });
  expect(await find(http)).toMatchObject({ Scheduler: null, Certificate: null, SniSwitch: 0 });
  const [https] = await create({ Ports: [443], Protocol: 'HTTPS', Scheduler: 'WRR', Certificate: one });
  expect(await find(https)).toMatchObject({ Scheduler: null, Certificate: { CertId: 'cert8Kq2x' } });
  await clbTest.done(
    clb.ModifyListener({ LoadBalancerId: lb, ListenerId: http, Scheduler: 'WRR', SniSwitch: 1 }),
  );
  expect(await find(http)).toMatchObject({ Scheduler: null, SniSwitch: 0 });
});

test.each<Partial<Create>>([{ Certificate: one }, { SniSwitch: 1 }, { Scheduler: 'WRR' }])(
  'can refuse such a field instead: %j',
  async (field) => {
    await clbTest.cloud.control('PUT', '/assumptions', { 'listener.foreignField': 'refused' });
    const made = () => clb.CreateListener({ LoadBalancerId: lb, Ports: [81], Protocol: 'HTTP', ...field });
    expect(await clbTest.refused(made)).toBe('InvalidParameterValue');
    const changed = () =>
      clb.ModifyListener({ LoadBalancerId: lb, ListenerId: 'lbl-scf00001', ...(field as Partial<Modify>) });
    expect(await clbTest.refused(changed)).toBe('InvalidParameterValue');
  },
);

test('shows only a rule’s own certificate: without SNI the listener has it', async () => {
  const [id = ''] = await create({ Ports: [443], Protocol: 'HTTPS', Certificate: one });
  const place = { LoadBalancerId: lb, ListenerId: id };
  await clbTest.done(clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] }));
  expect(await find(id)).toMatchObject({
    Certificate: { CertId: 'cert8Kq2x' },
    Rules: [{ Certificate: null }],
  });
  await clbTest.done(clb.ModifyListener({ ...place, SniSwitch: 1 }));
  expect(await find(id)).toMatchObject({
    Certificate: null,
    Rules: [{ Certificate: { CertId: 'cert8Kq2x' } }],
  });
});

test('accepts the empty path and domain that the Terraform provider sends with checks of TCP listeners', async () => {
  const check = { HealthSwitch: 1, TimeOut: 2, IntervalTime: 5, HttpCheckPath: '', CheckPort: -1 };
  const made = (Port: number, more: object) =>
    create({ Ports: [Port], Protocol: 'TCP', HealthCheck: { ...check, ...more } });
  const [plain = ''] = await made(9001, { CheckType: 'TCP' });
  expect((await find(plain))?.HealthCheck).toMatchObject({ CheckType: 'TCP', HttpCheckPath: null });
  const [http = ''] = await made(9002, { CheckType: 'HTTP', HttpCheckDomain: '', HttpVersion: 'HTTP/1.1' });
  expect((await find(http))?.HealthCheck).toMatchObject({ HttpCheckPath: '', HttpCheckDomain: '' });
  await clbTest.done(
    clb.ModifyListener({
      LoadBalancerId: lb,
      ListenerId: http,
      HealthCheck: { ...check, CheckType: 'HTTP' },
    }),
  );
  const without = () => made(9003, { CheckType: 'HTTP', HttpVersion: 'HTTP/1.1' });
  expect(await clbTest.refused(without)).toBe('MissingParameter');
});

test.each(['TCP', 'UDP', 'TCP_SSL'])('keeps that a %s listener takes target groups', async (Protocol) => {
  const Certificate = Protocol === 'TCP_SSL' ? { Certificate: one } : {};
  const [id = ''] = await create({ Ports: [9443], Protocol, TargetType: 'TARGETGROUP', ...Certificate });
  expect(await find(id)).toMatchObject({ TargetType: 'TARGETGROUP' });
});

test('deletes a listener with its rules, and refuses an unknown one', async () => {
  const [first = '', second = ''] = await create({ Ports: [81, 82], Protocol: 'HTTP' });
  await clbTest.done(clb.DeleteListener({ LoadBalancerId: lb, ListenerId: first }));
  expect((await clbTest.listeners(lb)).map((each) => each.ListenerId)).toEqual(['lbl-scf00001', second]);
  const single = () => clb.DeleteListener({ LoadBalancerId: lb, ListenerId: 'lbl-none' });
  expect(await clbTest.refused(single)).toBe('InvalidParameter.ListenerIdNotFound');
});

test('refuses all of these actions for a classic instance', async () => {
  Object.assign(clbTest.account.loadBalancers[lb] ?? {}, { forward: 0 });
  const place = { LoadBalancerId: lb, ListenerId: 'lbl-scf00001' };
  const calls = [
    () => clb.CreateListener({ LoadBalancerId: lb, Ports: [81], Protocol: 'HTTP' }),
    () => clb.ModifyListener({ ...place, ListenerName: 'x' }),
    () => clb.DeleteListener(place),
    () => clb.CreateRule({ ...place, Rules: [{ Domain: 'a.example.com', Url: '/' }] }),
  ];
  for (const call of calls) expect(await clbTest.refused(call)).toBe('InvalidParameterValue');
});

test('finds listeners by id, protocol and port', async () => {
  await create({ Ports: [443], Protocol: 'HTTPS', Certificate: one });
  const found = async (request: object) =>
    (await clb.DescribeListeners({ LoadBalancerId: lb, ...request })).Listeners?.map((each) => each.Port);
  expect(await found({ Protocol: 'HTTPS' })).toEqual([443]);
  expect(await found({ Port: 80 })).toEqual([80]);
  expect(await found({ ListenerIds: ['lbl-scf00001', 'lbl-none'] })).toEqual([80]);
  expect(await catchCode(found({ Protocol: 'FTP' }))).toBe('InvalidParameterValue');
  const many = Array.from({ length: 101 }, (_, n) => `lbl-${n}`);
  expect(await catchCode(found({ ListenerIds: many }))).toBe('InvalidParameterValue.Length');
});
