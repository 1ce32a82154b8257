import { getDnsTarget, leadsTo } from '@/lib/estate/dns-target';
import { getHostName, listRulesBehind } from '@/lib/estate/look-up';
import type { DnsRecord, Estate, LoadBalancer, Rule } from '@/lib/estate/model';
import { isPlanned } from '@/lib/plan/model/anticipate';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { type MovedName, movedNames } from '@/lib/preflight/model/record-sets';
import { routeFieldName } from '@/lib/preflight/model/routes';

/** A service in front of an origin, to which a CNAME points a name. */
type EdgeService = {
  readonly name: string;
  /**
   * `shield`: it filters attacks (WAF, DDoS protection), and usually delivers content too; `cdn`: it delivers content.
   */
  readonly kind: 'shield' | 'cdn';
  /** The product whose console and API change its origin instead of the name's record; null = none is known here. */
  readonly origin: 'edgeone' | 'waf' | 'cdn' | null;
};

type Known = EdgeService & { readonly suffixes: readonly string[] };

const tencent = (
  name: string,
  kind: EdgeService['kind'],
  suffixes: readonly string[],
  origin: EdgeService['origin'],
): Known => ({ name, kind, suffixes, origin });

const other = (name: string, kind: EdgeService['kind'], ...suffixes: readonly string[]): Known => ({
  name,
  kind,
  suffixes,
  origin: null,
});

/**
 * Host names that services assign to the names they front. Tencent's own: CDN and ECDN
 * (https://cloud.tencent.com/document/product/570/47352), WAF as a service
 * (https://cloud.tencent.com/document/product/627/43213), EdgeOne, whose full suffix no page lists
 * (https://www.tencentcloud.com/document/product/1145/67728 for its origin groups), and Anti-DDoS
 * (https://www.tencentcloud.com/document/product/1029). The rest are the widespread ones, according to their own
 * documentation. A name that is missing here counts as foreign, which is reported but does not block.
 */
const services: readonly Known[] = [
  tencent(
    'EdgeOne',
    'shield',
    ['0.com', '1.com', '2.com', '3.com', '4.com', '5.com', '0.cn'].map((end) => `eo.dnse${end}`),
    'edgeone',
  ),
  tencent(
    'Tencent Cloud WAF',
    'shield',
    ['qcloudwzgj.com', 'qcloudcjgj.com', 'qcloudzygj.com', 'qcloudwaf.com'],
    'waf',
  ),
  tencent('Anti-DDoS', 'shield', ['dayugslb.com'], null),
  tencent(
    'Tencent Cloud CDN',
    'cdn',
    ['cdn.dnsv1.com', 'cdn.dnsv1.com.cn', 'dsa.dnsv1.com', 'dsa.dnsv1.com.cn'],
    'cdn',
  ),
  other('Cloudflare', 'shield', 'cdn.cloudflare.net'),
  other('Akamai', 'shield', 'edgekey.net', 'edgesuite.net', 'akamaiedge.net', 'akamaized.net', 'akamai.net'),
  other('Amazon CloudFront', 'cdn', 'cloudfront.net'),
  other('Fastly', 'cdn', 'fastly.net', 'fastlylb.net'),
  other('Azure Front Door', 'cdn', 'azurefd.net', 'azureedge.net'),
  other('Imperva', 'shield', 'incapdns.net', 'impervadns.net'),
  other('Alibaba Cloud CDN', 'cdn', 'alicdn.com', 'kunlunsl.com', 'kunlungr.com', 'kunlunca.com'),
];

/**
 * Returns the service that a CNAME's value belongs to, matched by whole labels at its end; null for any other name.
 * @param target a host name, with or without the trailing dot
 */
export function findEdgeService(target: string): EdgeService | null {
  const host = target.toLowerCase().replace(/\.$/, '');
  const found = services.find(({ suffixes }) => suffixes.some((suffix) => host.endsWith(`.${suffix}`)));
  return found ?? null;
}

const { pass, warn, outage } = createFindings('protected-edge', sources.edge);

/** The target of a name's records: a load balancer of the accounts, a known service, or something else. */
type PointedAt =
  | { readonly kind: 'own'; readonly loadBalancer: LoadBalancer }
  | { readonly kind: 'edge'; readonly service: EdgeService; readonly record: DnsRecord }
  | { readonly kind: 'foreign'; readonly record: DnsRecord };

/** Only addresses and names: other types (MX, TXT, …) take no web traffic. */
const pointingTypes: readonly string[] = ['A', 'AAAA', 'CNAME'];

function pointedAt(record: DnsRecord, loadBalancers: readonly LoadBalancer[]): PointedAt {
  const loadBalancer = loadBalancers.find((each) => leadsTo(record, each));
  if (loadBalancer) return { kind: 'own', loadBalancer };
  const service = record.type === 'CNAME' ? findEdgeService(record.value) : null;
  return service ? { kind: 'edge', service, record } : { kind: 'foreign', record };
}

const answersFor = (rule: Rule, host: string) => rule.domains.some((each) => each.toLowerCase() === host);

/**
 * Returns how a WAF is bound to a load balancer for a name: at its rules for the name, or by the load balancer's flag
 * while none of its rules says for which domains; null = it is not, as far as is known.
 */
function findWaf(
  estate: Pick<Estate, 'rules'>,
  { id, wafFlag }: LoadBalancer,
  host: string,
  covers: 'all' | 'some',
): 'rule' | 'flag' | null {
  const own = listRulesBehind(estate, id);
  const named = own.filter((rule) => answersFor(rule, host));
  const bound = named.filter(({ wafDomainId }) => wafDomainId !== null);
  if (bound.length > 0 && (covers === 'some' || bound.length === named.length)) return 'rule';
  return wafFlag === true && own.every(({ wafDomainId }) => wafDomainId === null) ? 'flag' : null;
}

/** Returns the load balancer whose WAF a name would lose, and how it is bound; null = it loses none. */
function lostWaf(input: CheckInput, host: string, from: readonly LoadBalancer[], to: LoadBalancer) {
  const [guarded] = from.flatMap((loadBalancer) => {
    const bound = findWaf(input.before, loadBalancer, host, 'some');
    return bound === null ? [] : [{ loadBalancer, bound }];
  });
  return guarded === undefined || findWaf(input.estate, to, host, 'all') !== null ? null : guarded;
}

/** Returns the origin to enter at the service in front, so that it points where the plan would point the name. */
function originOf({ loadBalancer, listener }: ResolvedRoute) {
  const target = isPlanned(loadBalancer) ? undefined : getDnsTarget(loadBalancer);
  const types = { A: 'ip', AAAA: 'ipv6', CNAME: 'domain' } as const;
  return {
    name: loadBalancer.name,
    origin: target?.value ?? '',
    originType: target === undefined ? ('made' as const) : types[target.type],
    protocol: listener.protocol,
    port: listener.port,
  };
}

function findingsFor(input: CheckInput, { hostName, route }: MovedName): readonly Finding[] {
  const host = hostName.toLowerCase();
  const found = { field: routeFieldName(route, 'domain'), objects: [hostName] };
  const records = input.before.records.filter(
    (record) => record.enabled && pointingTypes.includes(record.type) && getHostName(record) === hostName,
  );
  const targets = records.map((record) => pointedAt(record, input.before.loadBalancers));
  const findings: Finding[] = [];
  for (const target of targets) {
    if (target.kind === 'edge') {
      const { name: service, kind, origin: way } = target.service;
      const values = { domain: hostName, service, target: target.record.value, way: way ?? 'none' };
      const loss = `${service} ${target.record.value}`;
      const lost = { ...found, values: { ...values, ...originOf(route) }, domain: hostName, loss };
      findings.push(kind === 'cdn' ? outage({ ...lost, why: 'cdn' }) : outage({ ...lost, why: 'shield' }));
    }
    if (target.kind === 'foreign') {
      const values = { domain: hostName, target: `${target.record.type} ${target.record.value}` };
      findings.push(warn({ ...found, why: 'foreign', values }));
    }
  }
  const own = targets.flatMap((target) => (target.kind === 'own' ? [target.loadBalancer] : []));
  const guarded = lostWaf(input, host, own, route.loadBalancer);
  if (guarded) {
    const { loadBalancer, bound } = guarded;
    const from = loadBalancer.name;
    const { name, id, region } = route.loadBalancer;
    const { protocol, port } = route.listener;
    const listener = `${protocol}:${port}`;
    const values = { domain: hostName, from, bound, name, id, region, listener };
    const loss = `WAF ${from} ${name}`;
    findings.push(outage({ ...found, why: 'waf', values, domain: hostName, loss }));
  }
  if (findings.length > 0) return findings;
  return records.length === 0 ? [] : [pass({ ...found, why: 'pass', values: { domain: hostName } })];
}

/**
 * Checks that no name leaves a CDN, a WAF or DDoS protection unnoticed: a record that points at a known service, and a
 * WAF bound at the load balancer, block until the loss is acknowledged by the domain's name.
 */
export const checkProtectedEdge: Check = (input) =>
  movedNames(input).flatMap((moved) => findingsFor(input, moved));
