import type { ActionContext } from '../action';
import { type DimensionValues, functionReading, invocationMetrics } from './invocation-metrics';
import { readBalancerMetric } from './load-balancer-reading';
import type { MetricFacts, MetricReading } from './metric';
import { ruleMetrics, trafficMetrics, unhealthyServers } from './traffic-metrics';

/**
 * A measured namespace: its metrics, the dimensions that identify an object, and the function that reads an object's
 * metric.
 */
export type MonitorNamespace = {
  readonly name: string;
  readonly metrics: readonly MetricFacts[];
  /** The valid combinations of names. */
  readonly dimensions: readonly (readonly string[])[];
  /** Other names that a document has for a dimension. */
  readonly spellings: Readonly<Record<string, string>>;
  /** null when there is no such object. */
  read(metric: string, values: DimensionValues, context: ActionContext): MetricReading | null;
};

/**
 * The instance, a listener of it, a backend behind it, and a port of that backend:
 * https://cloud.tencent.com/document/product/248/51898. Functions: https://cloud.tencent.com/document/api/214/8801
 */
const trafficDimensions = [
  ['vip'],
  ['vip', 'loadBalancerPort', 'protocol'],
  ['vip', 'loadBalancerPort', 'protocol', 'lanIp'],
  ['vip', 'loadBalancerPort', 'protocol', 'lanIp', 'vpcId'],
  ['vip', 'loadBalancerPort', 'protocol', 'lanIp', 'port'],
  ['vip', 'loadBalancerPort', 'protocol', 'lanIp', 'port', 'vpcId'],
];

/**
 * Private VIPs may exist twice, so the number of the VPC is required: https://cloud.tencent.com/document/api/248/11004
 */
const privateDimensions = [
  ...trafficDimensions,
  ['vip', 'vpcId'],
  ['vip', 'vpcId', 'loadBalancerPort', 'protocol'],
];

function loadBalancers(name: string, type: 'OPEN' | 'INTERNAL'): MonitorNamespace {
  return {
    name,
    metrics: [...trafficMetrics(false), unhealthyServers],
    dimensions: type === 'INTERNAL' ? privateDimensions : trafficDimensions,
    // As on the page on functions as backends: https://cloud.tencent.com/document/api/214/8801
    spellings: { lanip: 'lanIp' },
    read: (metric, values, context) => {
      const own = context.assumptions.get('monitor.clbHttp') === 'own';
      return readBalancerMetric(metric, [type], trafficMetrics(own), values, context);
    },
  };
}

/**
 * The instance, a listener of it, a domain and a URL there: https://cloud.tencent.com/document/product/248/51768,
 * https://cloud.tencent.com/document/product/248/36169. The number of the VPC tells private VIPs apart.
 */
const ruleDimensions = [['vip'], ['vip', 'vpcId']].flatMap((address) => {
  const listener = [...address, 'loadBalancerPort', 'protocol'];
  return [address, listener, [...listener, 'domain'], [...listener, 'domain', 'url']];
});

const measured: readonly MonitorNamespace[] = [
  loadBalancers('QCE/LB_PUBLIC', 'OPEN'),
  loadBalancers('QCE/LB_PRIVATE', 'INTERNAL'),
  {
    name: 'QCE/LOADBALANCE',
    metrics: ruleMetrics,
    dimensions: ruleDimensions,
    // The table of metrics says `loadBalancerPort`, that of parameters below it `port`.
    spellings: { port: 'loadBalancerPort' },
    read: (metric, values, context) =>
      readBalancerMetric(metric, ['OPEN', 'INTERNAL'], ruleMetrics, values, context),
  },
  {
    name: 'QCE/SCF_V2',
    // As on the international page: https://www.tencentcloud.com/document/product/248/34638
    spellings: { namspace: 'namespace' },
    metrics: invocationMetrics,
    dimensions: [
      ['functionName'],
      ['functionName', 'namespace'],
      ['functionName', 'namespace', 'version'],
      ['functionName', 'namespace', 'alias'],
      ['functionName', 'version'],
      ['functionName', 'alias'],
    ],
    read: functionReading,
  },
];

/** The cloud's namespaces in which the sandbox measures nothing: their objects have no data points. */
const unmeasured: ReadonlySet<string> = new Set(['QCE/CVM', 'QCE/CDB']);

/** Returns a namespace. `unmeasured`: it exists in the cloud, but there is nothing to measure here. */
export function findNamespace(name: string): MonitorNamespace | 'unmeasured' | undefined {
  if (unmeasured.has(name)) return 'unmeasured';
  return measured.find((namespace) => namespace.name === name);
}
