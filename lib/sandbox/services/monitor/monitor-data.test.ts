import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { Assumptions } from '@/lib/sandbox/world/assumptions';
import { catchCode, catchRefusal, startTestCloud, type TestCloud } from '@/testing/sandbox/test-cloud';
import type { InvocationRecord } from '../../telemetry/invocation-log';
import { createTelemetry, type Telemetry } from '../../telemetry/telemetry';
import type { TrafficSample } from '../../telemetry/traffic-log';

const vip = '127.107.1.1';
const minuteMs = 60_000;
let cloud: TestCloud;
let telemetry: Telemetry;
let assumptions: Assumptions;
/** The start of the current hour: the clock is half an hour after it. */
let hour: number;

beforeAll(async () => {
  telemetry = createTelemetry();
  assumptions = new Assumptions();
  cloud = await startTestCloud({ vipNetwork: '127.107.0.0/16', telemetry, assumptions });
});
beforeEach(async () => {
  await cloud.reset();
  hour = Math.ceil(cloud.clock.now() / 3_600_000) * 3_600_000;
  cloud.clock.advance(hour + 30 * minuteMs - cloud.clock.now());
});
afterAll(() => cloud.plane.stop());

function sample(minute: number, given: Partial<TrafficSample> = {}): void {
  telemetry.traffic.record({
    at: hour + minute * minuteMs + 1000,
    uin: '100000000001',
    loadBalancerId: 'lb-cvm00001',
    vip,
    port: 80,
    protocol: 'HTTP',
    rule: { id: 'loc-shop0001', domain: 'shop.example.com', url: '/' },
    backend: { kind: 'target', instanceId: 'ins-web00001', ip: '127.107.100.1', port: 8080 },
    status: 200,
    madeByLoadBalancer: false,
    durationMs: 20,
    backendMs: 10,
    bytesIn: 500,
    bytesOut: 1_500_000,
    ...given,
  });
}

function call(minute: number, given: Partial<InvocationRecord> = {}): void {
  telemetry.invocations.record({
    at: hour + minute * minuteMs,
    uin: '100000000001',
    region: 'ap-singapore',
    namespace: 'default',
    name: 'hello',
    qualifier: '$LATEST',
    version: '$LATEST',
    requestId: '',
    status: 200,
    errorMessage: '',
    coldStart: false,
    durationMs: 40,
    memoryMb: 30,
    concurrency: 1,
    log: '',
    answer: '{"statusCode":200}',
    ...given,
  });
}

type Dimensions = Readonly<Record<string, string>>;

function instance(dimensions: Dimensions) {
  return { Dimensions: Object.entries(dimensions).map(([Name, Value]) => ({ Name, Value })) };
}

/** Returns a time of the hour such as `14:30:00`, as in a request. */
const at = (minute: number) => new Date(hour + minute * minuteMs).toISOString().slice(0, 19).concat('Z');

async function read(metric: string, dimensions: Dimensions, given: object = {}) {
  const namespace = 'vip' in dimensions ? 'QCE/LB_PUBLIC' : 'QCE/SCF_V2';
  const answer = await cloud.clients().monitor.GetMonitorData({
    Namespace: namespace,
    MetricName: metric,
    Instances: [instance(dimensions)],
    Period: 60,
    StartTime: at(0),
    EndTime: at(2),
    ...given,
  });
  return answer.DataPoints?.[0];
}
const readValues = async (...args: Parameters<typeof read>) => (await read(...args))?.Values;

test('returns counts, averages and peaks of a load balancer, minute by minute', async () => {
  for (let n = 0; n < 30; n += 1) sample(0);
  sample(1, { durationMs: 80, backendMs: 50, status: 404 });
  sample(1, { durationMs: 100, backendMs: null, status: 504, madeByLoadBalancer: true });
  sample(1, { durationMs: 0, backendMs: null, backend: null, status: 301, madeByLoadBalancer: true });
  const all = { vip };
  expect(await readValues('TotalReq', all)).toEqual([0.5, 0.05, 0]);
  expect(await readValues('SuccReq', all)).toEqual([30, 1, 0]);
  expect(await readValues('ReqAvg', all)).toEqual([20, 60, 0]);
  expect(await readValues('ReqMax', all)).toEqual([20, 100, 0]);
  expect(await readValues('RspAvg', all)).toEqual([10, 50, 0]);
  expect(await readValues('RspMax', all)).toEqual([10, 50, 0]);
  expect(await readValues('RspTimeout', all)).toEqual([0, 1, 0]);
  expect(await readValues('Http2xx', all)).toEqual([30, 0, 0]);
  expect(await readValues('Http4xx', all)).toEqual([0, 1, 0]);
  expect(await readValues('Http5xx', all)).toEqual([0, 0, 0]);
  expect(await readValues('ClbHttp404', all)).toEqual([0, 1, 0]);
  expect(await readValues('ClbHttp3xx', all)).toEqual([0, 1, 0]);
  expect(await readValues('ClbHttp504', all)).toEqual([0, 1, 0]);
  expect(await readValues('ClientOuttraffic', all)).toEqual([6, 0.6, 0]);
  assumptions.set('monitor.clbHttp', 'own');
  expect(await readValues('ClbHttp404', all)).toEqual([0, 0, 0]);
  expect(await readValues('ClbHttp504', all)).toEqual([0, 1, 0]);
});

test('starts longer periods at whole multiples and aggregates their minutes', async () => {
  sample(4);
  sample(5, { durationMs: 60 });
  sample(9, { durationMs: 100 });
  const over = (Period: number, metric: string) =>
    read(metric, { vip }, { Period, StartTime: at(3), EndTime: at(12) });
  expect(await over(300, 'SuccReq')).toMatchObject({
    Timestamps: [0, 5, 10].map((minute) => (hour + minute * minuteMs) / 1000),
    Values: [1, 2, 0],
  });
  expect((await over(300, 'ReqMax'))?.Values).toEqual([20, 100, 0]);
  expect((await over(300, 'ReqAvg'))?.Values).toEqual([20, 80, 0]);
  expect((await over(3600, 'TotalReq'))?.Values).toEqual([3 / 3600]);
  // Days start at midnight in Beijing.
  const [day = 0] = (await over(86_400, 'SuccReq'))?.Timestamps ?? [];
  expect((day + 8 * 3600) % 86_400).toBe(0);
});

test('returns separate values for a listener, a server and a port of it', async () => {
  sample(0);
  sample(0, { backend: { kind: 'target', instanceId: 'ins-web00002', ip: '127.107.100.2', port: 8080 } });
  sample(0, { port: 443, protocol: 'HTTPS' });
  const listener = { vip, loadBalancerPort: '80', protocol: 'http' };
  expect(await readValues('SuccReq', { vip })).toEqual([3, 0, 0]);
  expect(await readValues('SuccReq', listener)).toEqual([2, 0, 0]);
  expect(await readValues('SuccReq', { ...listener, lanIp: '127.107.100.2' })).toEqual([1, 0, 0]);
  expect(await readValues('SuccReq', { ...listener, lanIp: '127.107.100.2', port: '8080' })).toEqual([
    1, 0, 0,
  ]);
  expect(await readValues('SuccReq', { ...listener, lanIp: '127.107.100.2', port: '9090' })).toEqual([
    0, 0, 0,
  ]);
  // Neither an existing listener or load balancer, nor one of this region and type.
  expect(await readValues('SuccReq', { ...listener, loadBalancerPort: '81' })).toEqual([]);
  expect(await readValues('SuccReq', { vip: '127.107.9.9' })).toEqual([]);
  expect(await readValues('SuccReq', { vip }, { Namespace: 'QCE/LB_PRIVATE' })).toEqual([]);
});

test('returns separate values for a domain and its URL in the namespace of rules', async () => {
  const world = cloud.account('small-standard').loadBalancers['lb-cvm00001'];
  const listener = world?.listeners.find(({ port }) => port === 80);
  const [first, second] = listener?.rules ?? [];
  if (first === undefined || second === undefined) throw new Error('the seed has two rules there');
  expect(first.domain).not.toBe(second.domain);
  const rule = ({ id, domain, url }: typeof first) => ({ rule: { id, domain, url } });
  for (let n = 0; n < 6; n += 1) sample(0, rule(first));
  sample(0, { ...rule(second), status: 502, madeByLoadBalancer: true });
  sample(0, { rule: null, status: 404, madeByLoadBalancer: true });
  const at = { vip, loadBalancerPort: '80', protocol: 'http' };
  const rules = (metric: string, dimensions: Dimensions) =>
    readValues(metric, dimensions, { Namespace: 'QCE/LOADBALANCE' });
  expect(await rules('QPS', { vip })).toEqual([8 / 60, 0, 0]);
  expect(await rules('QPS', at)).toEqual([8 / 60, 0, 0]);
  expect(await rules('QPS', { ...at, domain: first.domain })).toEqual([0.1, 0, 0]);
  expect(await rules('QPS', { ...at, domain: first.domain, url: first.url })).toEqual([0.1, 0, 0]);
  expect(await rules('HttpCode5XX', { ...at, domain: first.domain, url: first.url })).toEqual([0, 0, 0]);
  expect(await rules('HttpCode5XX', { ...at, domain: second.domain, url: second.url })).toEqual([1, 0, 0]);
  expect(await rules('HttpCode502', { ...at, domain: second.domain })).toEqual([1, 0, 0]);
  expect(await rules('HttpCode404', at)).toEqual([1, 0, 0]);
  // The page's table of parameters spells the port so.
  const { loadBalancerPort: port, ...others } = at;
  expect(await rules('QPS', { ...others, port, domain: first.domain })).toEqual([0.1, 0, 0]);
  // A domain or a URL that doesn't exist.
  expect(await rules('QPS', { ...at, domain: 'none.example.com' })).toEqual([]);
  expect(await rules('QPS', { ...at, domain: first.domain, url: '/none' })).toEqual([]);
  // A domain without its listener, or one in the namespace of load balancers.
  const codeIn = (Namespace: string, MetricName: string, dimensions: Dimensions) =>
    catchCode(
      cloud.clients().monitor.GetMonitorData({ Namespace, MetricName, Instances: [instance(dimensions)] }),
    );
  expect(await codeIn('QCE/LOADBALANCE', 'QPS', { vip, domain: first.domain })).toBe('InvalidParameterValue');
  expect(await codeIn('QCE/LB_PUBLIC', 'TotalReq', { ...at, domain: first.domain })).toBe(
    'InvalidParameterValue',
  );
});

test('identifies a function behind a listener by its name and port 0', async () => {
  const backend = { kind: 'function', namespace: 'default', name: 'hello', qualifier: 'live' } as const;
  sample(0, { backend });
  sample(0);
  const lanIp = 'default/hello/live';
  const listener = { vip, loadBalancerPort: '80', protocol: 'http' };
  expect(await readValues('TotalReq', { ...listener, lanIp, port: '0' })).toEqual([1 / 60, 0, 0]);
  expect(await readValues('TotalReq', { ...listener, lanip: lanIp, port: '0' })).toEqual([1 / 60, 0, 0]);
  expect(await readValues('TotalReq', { ...listener, lanIp: 'default/hello/$LATEST' })).toEqual([0, 0, 0]);
});

test('uses a separate namespace for private load balancers', async () => {
  sample(0);
  const balancer = cloud.account('small-standard').loadBalancers['lb-cvm00001'];
  if (balancer) balancer.type = 'INTERNAL';
  expect(await readValues('SuccReq', { vip }, { Namespace: 'QCE/LB_PRIVATE' })).toEqual([1, 0, 0]);
  // Among networks with the same addresses, the number identifies the right one.
  const { LoadBalancerSet: found } = await cloud.clients().clb.DescribeLoadBalancers({});
  const vpcId = String(found?.find(({ LoadBalancerId: id }) => id === 'lb-cvm00001')?.NumericalVpcId);
  const listener = { vip, loadBalancerPort: '80', protocol: 'http' };
  const inVpc = (id: string) =>
    readValues('SuccReq', { ...listener, vpcId: id }, { Namespace: 'QCE/LB_PRIVATE' });
  expect(await inVpc(vpcId)).toEqual([1, 0, 0]);
  expect(await inVpc('1')).toEqual([]);
  expect(await readValues('SuccReq', { vip })).toEqual([]);
});

test('returns the maximum of concurrent connections, over several listeners together', async () => {
  const listener = { uin: '100000000001', vip, port: 80, protocol: 'HTTP' } as const;
  for (const change of ['opened', 'opened', 'closed', 'opened'] as const) {
    telemetry.traffic.recordConnection({ ...listener, at: hour, change });
  }
  telemetry.traffic.recordConnection({
    ...listener,
    port: 443,
    protocol: 'HTTPS',
    at: hour,
    change: 'opened',
  });
  expect(await readValues('ClientConnum', { vip })).toEqual([3, 0, 0]);
  expect(await readValues('ClientConnum', { vip, loadBalancerPort: '80', protocol: 'HTTP' })).toEqual([
    2, 0, 0,
  ]);
  expect(await readValues('ClientNewConn', { vip })).toEqual([4 / 60, 0, 0]);
});

test('counts unhealthy servers as the health check finds them', async () => {
  const { instances } = cloud.account('small-standard');
  const [first] = Object.values(instances);
  if (first) first.downSince = hour;
  // Detected after 16 seconds: two rules forward to the server, which is one port of one listener.
  expect(await readValues('UnhealthRsCount', { vip }, { StartTime: at(-1) })).toEqual([0, 1, 1, 1]);
});

test('returns the calls of a function, of a version, and of an alias', async () => {
  call(0, { concurrency: 2 });
  call(0, { status: 430, version: '1', qualifier: 'prod', durationMs: 60, memoryMb: 70 });
  call(0, { status: 432, durationMs: 0, memoryMb: 0, concurrency: 0 });
  call(1, { status: 500 });
  const all = { functionName: 'hello', namespace: 'default' };
  expect(await readValues('Invocation', all)).toEqual([3, 1, 0]);
  expect(await readValues('Error', all)).toEqual([1, 1, 0]);
  expect(await readValues('Throttle', all)).toEqual([1, 0, 0]);
  expect(await readValues('Http432', all)).toEqual([1, 0, 0]);
  expect(await readValues('Syserr', all)).toEqual([0, 1, 0]);
  expect(await readValues('ConcurrentExecutions', all)).toEqual([2, 1, 0]);
  expect(await readValues('Duration', all)).toEqual([50, 40, 0]);
  expect(await readValues('Mem', all)).toEqual([70, 30, 0]);
  expect(await readValues('ServerErrorPercentage', all)).toEqual([0, 100, 0]);
  expect((await readValues('FunctionErrorPercentage', all))?.[0]).toBeCloseTo(33.33, 2);
  expect(await readValues('Invocation', { ...all, version: '1' })).toEqual([1, 0, 0]);
  expect(await readValues('Invocation', { ...all, alias: 'prod' })).toEqual([1, 0, 0]);
  // The international page spells the dimension this way.
  expect(await readValues('Invocation', { functionName: 'hello', namspace: 'default' })).toEqual([3, 1, 0]);
  expect(await readValues('Invocation', { functionName: 'hello', namespace: 'other' })).toEqual([]);
});

test('returns no point in the future or before the kept data, and times in Beijing time', async () => {
  const { monitor } = cloud.clients();
  const request = { Namespace: 'QCE/LB_PUBLIC', MetricName: 'TotalReq', Instances: [instance({ vip })] };
  const whole = await monitor.GetMonitorData({ ...request, StartTime: at(-2 * 1440), EndTime: at(100) });
  const stamps = whole.DataPoints?.[0]?.Timestamps ?? [];
  expect(whole.Period).toBe(300);
  expect(Math.max(...stamps)).toBe((hour + 30 * minuteMs) / 1000);
  expect(Math.min(...stamps)).toBeGreaterThan((hour - 25 * 60 * minuteMs) / 1000);
  expect(whole.StartTime).toMatch(/^\d{4}-\d\d-\d\dT\d\d:00:00\+08:00$/);
  expect(Date.parse(whole.StartTime ?? '')).toBe(hour - 2 * 1440 * minuteMs);
  assumptions.set('monitor.delay', 600);
  const late = await monitor.GetMonitorData({ ...request, StartTime: at(0), EndTime: at(100) });
  expect(Math.max(...(late.DataPoints?.[0]?.Timestamps ?? []))).toBe((hour + 20 * minuteMs) / 1000);
  // Without times: the day until now.
  const day = await monitor.GetMonitorData(request);
  expect(Date.parse(day.EndTime ?? '')).toBe(hour + 30 * minuteMs);
  expect(day.DataPoints?.[0]?.Timestamps?.length).toBeGreaterThan(0);
});

test('returns a zero or no point for minutes without traffic, as assumed', async () => {
  sample(1);
  assumptions.set('monitor.idle', 'no point');
  expect(await read('SuccReq', { vip })).toMatchObject({
    Timestamps: [(hour + minuteMs) / 1000],
    Values: [1],
  });
});

test('returns statistics over the minutes of a period on request', async () => {
  for (const minute of [0, 0, 1]) sample(minute);
  const point = await read(
    'SuccReq',
    { vip },
    { Period: 300, StartTime: at(0), EndTime: at(4), SpecifyStatistics: 7 },
  );
  expect(point).toMatchObject({ Values: [3], AvgValues: [0.6], MaxValues: [2], MinValues: [0] });
});

test.each([
  ['InvalidParameterValue', { Namespace: 'QCE/NOTHING' }],
  ['InvalidParameterValue', { MetricName: 'Colour' }],
  ['InvalidParameterValue', { Period: 90 }],
  ['InvalidParameterValue', { StartTime: 'yesterday' }],
  ['InvalidParameterValue', { StartTime: '2026-01-01T10:00:00+08:00', EndTime: '2026-01-01T09:00:00+08:00' }],
  ['InvalidParameterValue', { Period: 60, StartTime: '2026-01-01 10:00:00', EndTime: '2026-01-07 10:00:00' }],
  ['InvalidParameterValue', { Instances: [] }],
  ['InvalidParameterValue', { Instances: Array.from({ length: 51 }, () => instance({ vip })) }],
  ['InvalidParameterValue', { Instances: [instance({ functionName: 'hello' })] }],
  ['InvalidParameterValue', { Instances: [instance({ vip, loadBalancerPort: '80' })] }],
  ['MissingParameter', { Instances: [{}] }],
])('refuses %s %j', async (code, given) => {
  const request = { Namespace: 'QCE/LB_PUBLIC', MetricName: 'TotalReq', Instances: [instance({ vip })] };
  expect(await catchCode(cloud.clients().monitor.request('GetMonitorData', { ...request, ...given }))).toBe(
    code,
  );
});

test('names the field and the problem in a refusal', async () => {
  const { monitor } = cloud.clients();
  const wrong = { Namespace: 'QCE/LB_PUBLIC', MetricName: 'TotalReq', Instances: [instance({ ip: vip })] };
  expect((await catchRefusal(monitor.GetMonitorData(wrong))).message).toMatch(
    /`Instances\.0\.Dimensions` has ip; QCE\/LB_PUBLIC takes vip or vip\+loadBalancerPort\+protocol/,
  );
});

test('returns no points for unmeasured namespaces', async () => {
  const cpu = {
    Namespace: 'QCE/CVM',
    MetricName: 'CPUUsage',
    Instances: [instance({ InstanceId: 'ins-web00001' })],
  };
  const answer = await cloud.clients().monitor.GetMonitorData({ ...cpu, StartTime: at(0), EndTime: at(10) });
  expect(answer.DataPoints).toMatchObject([{ Timestamps: [], Values: [] }]);
});
