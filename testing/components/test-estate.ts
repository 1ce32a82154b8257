import { Estate } from '@/lib/estate/model';

const balancer = (id: string, name: string, region: string, more: Record<string, unknown> = {}) => ({
  id,
  name,
  region,
  generation: 'clb',
  network: 'OPEN',
  vpcId: 'vpc-shop',
  addressFamily: 'ipv4',
  vips: [],
  ipv6: null,
  domain: null,
  status: 'running',
  isolated: false,
  blocked: false,
  ...more,
});

const listener = (
  id: string,
  loadBalancerId: string,
  protocol: string,
  port: number,
  targets: unknown[] = [],
) => ({
  id,
  loadBalancerId,
  name: id,
  protocol,
  port,
  certificateId: protocol === 'HTTPS' ? 'cert-1' : null,
  targets,
});

const target = (instanceId: string, weight = 10) => ({
  kind: 'CVM',
  instanceId,
  instanceName: instanceId.replace('ins-', 'name-'),
  privateIp: '10.0.0.4',
  port: 8080,
  weight,
});

const rule = (
  id: string,
  loadBalancerId: string,
  listenerId: string,
  domain: string,
  more: Record<string, unknown>,
) => ({
  id,
  loadBalancerId,
  listenerId,
  domain,
  url: '/',
  isDefault: false,
  scheduler: 'WRR',
  quic: false,
  targetType: 'NODE',
  redirectsTo: null,
  targets: [],
  functions: [],
  ...more,
});

const record = (
  id: number,
  subdomain: string,
  type: string,
  value: string,
  more: Record<string, unknown> = {},
) => ({
  id,
  zone: 'example.co.id',
  subdomain,
  type,
  value,
  line: 'Default',
  lineId: '0',
  ttlS: 60,
  weight: null,
  enabled: true,
  updatedAt: '2026-11-20T10:00:00Z',
  ...more,
});

const scf = (name: string) => ({
  region: 'ap-singapore',
  namespace: 'flash',
  name,
  type: 'Event',
  runtime: 'Python3.10',
  handler: 'index.main_handler',
  status: 'Active',
  memoryMb: 128,
  timeoutS: 3,
  modifiedAt: '2026-11-20T10:00:00Z',
  versions: ['$LATEST', '1'],
  clbTriggerCount: name === 'checkout' ? 1 : 0,
});

const binding = {
  namespace: 'flash',
  name: 'checkout',
  qualifier: '1',
  qualifierType: 'VERSION',
  weight: 10,
};

/** A small estate for tests: two regions, a pool, a binding, a disabled record, and a record without a destination. */
export const testTopologyEstate = Estate.parse({
  connectionId: 'sandbox',
  takenAt: '2026-11-24T14:14:02Z',
  account: { uin: '100028471935', networkAccountType: 'STANDARD' },
  regions: ['ap-jakarta', 'ap-singapore'],
  zones: [{ id: 1, name: 'example.co.id', enabled: true, delegated: true, grade: 'DP_Free' }],
  records: [
    record(1, 'shop', 'A', '127.77.0.10'),
    record(2, 'checkout', 'A', '127.77.0.10', { weight: 80 }),
    record(3, 'checkout', 'CNAME', 'lb-sin.clb.example.net.', { weight: 20 }),
    record(4, 'flash', 'A', '127.77.0.20', { enabled: false }),
    record(5, 'old', 'A', '203.0.113.9'),
    record(6, '@', 'TXT', 'v=spf1 -all'),
  ],
  loadBalancers: [
    balancer('lb-jkt', 'lb-jkt-shop', 'ap-jakarta', { vips: ['127.77.0.10'] }),
    balancer('lb-sin', 'lb-sin-checkout', 'ap-singapore', {
      vips: ['127.77.0.20'],
      domain: 'lb-sin.clb.example.net',
    }),
    balancer('lb-old', 'lb-old-classic', 'ap-singapore', { generation: 'classic', vpcId: null }),
  ],
  listeners: [
    listener('lbl-web', 'lb-jkt', 'HTTP', 80),
    listener('lbl-tcp', 'lb-jkt', 'TCP', 9000, [target('ins-shop-1')]),
    listener('lbl-sin', 'lb-sin', 'HTTPS', 443),
  ],
  rules: [
    rule('loc-shop', 'lb-jkt', 'lbl-web', 'shop.example.co.id', {
      isDefault: true,
      targets: [target('ins-shop-1'), target('ins-shop-2', 20)],
    }),
    rule('loc-checkout', 'lb-jkt', 'lbl-web', 'checkout.example.co.id', {
      targets: [target('ins-checkout-1')],
    }),
    rule('loc-sin', 'lb-sin', 'lbl-sin', 'checkout.example.co.id', { functions: [binding] }),
  ],
  functions: [scf('checkout'), scf('voucher')],
  instances: [],
  gaps: [],
});
