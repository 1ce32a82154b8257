/** A service in front of an origin, to which a CNAME points a name. */
export type EdgeService = {
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
