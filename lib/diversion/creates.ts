import { z } from 'zod';
import { bandwidthMaxMbps, clbSpecQps } from '@/lib/estate/facts/limits';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';

/**
 * The billing of a load balancer's traffic: by traffic, where the bandwidth is a cap that costs nothing, or by
 * bandwidth, which accounts of the international site can't have.
 * https://cloud.tencent.com/document/api/214/30694#InternetAccessible
 */
export const internetChargeTypes = ['TRAFFIC_POSTPAID_BY_HOUR', 'BANDWIDTH_POSTPAID_BY_HOUR'] as const;

/**
 * The default proposed for a public load balancer. When billed by traffic, the cap itself costs nothing. Our own
 * choice; no source.
 */
export const internetAccessDefault: InternetAccess = {
  chargeType: 'TRAFFIC_POSTPAID_BY_HOUR',
  bandwidthMbps: 200,
};

/**
 * Returns whether a load balancer has a bandwidth to set: public ones do, and internal ones with a specification. Same
 * page.
 */
export function hasBandwidth(made: {
  readonly network: 'OPEN' | 'INTERNAL';
  readonly slaType: string;
}): boolean {
  return made.network === 'OPEN' || made.slaType !== '';
}

export const noCreates: Creates = { loadBalancers: [], listeners: [] };

/** Returns whether an id names an object that the plan creates and that does not exist yet. */
export function isPlaceholder(id: string): boolean {
  return id.startsWith('@');
}

/**
 * Objects that a diversion creates before its routes can exist: load balancers and listeners. Each has its own id that
 * begins with `@`, which no cloud id does. Routes name it like any other id, and the run replaces it with the cloud's
 * id as soon as there is one.
 */

const placeholder = z.string().regex(/^@[\w.:/-]{1,80}$/, 'created.id');

/** `InternetAccessible` of CreateLoadBalancer: without it a public load balancer gets 10 Mbps. */
const InternetAccess = z.object({
  chargeType: z.enum(internetChargeTypes),
  bandwidthMbps: z
    .number('created.bandwidth')
    .int('created.bandwidth')
    .min(1, 'created.bandwidth')
    .max(bandwidthMaxMbps.specified, 'created.bandwidth'),
});
export type InternetAccess = z.infer<typeof InternetAccess>;

/** '' = a shared load balancer, else one of this specification. https://cloud.tencent.com/document/api/214/30692 */
const SlaType = z.string().refine((type) => type === '' || type in clbSpecQps, 'created.slaType');

const LoadBalancerFields = z.object({
  id: placeholder.pipe(LoadBalancerId),
  /** Letters, digits, `-` and `_`. https://cloud.tencent.com/document/api/214/30692 */
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][\w-]{0,59}$/, 'created.name'),
  region: z.string().min(1, 'created.region'),
  /** Public ones get their own domain name, which DNS follows by CNAME; internal ones get an address of the subnet. */
  network: z.enum(['OPEN', 'INTERNAL']),
  vpcId: z.string().min(1, 'created.vpc'),
  /** For internal ones. */
  subnetId: z.string().min(1, 'created.subnet').nullable().default(null),
  /**
   * The primary zone of a public one, by its code; null = the cloud chooses. Internal ones are in their subnet's zone.
   */
  masterZone: z.string().min(1).nullable().default(null),
  slaType: SlaType.default(''),
  /**
   * The kind of address of a public one: its own name, whose addresses change, or a fixed address, which accounts
   * that only have domain-named load balancers can't have. https://www.tencentcloud.com/document/product/214/53830
   */
  address: z.enum(['domain', 'fixed']).default('domain'),
  /** null = it has no bandwidth to set (`hasBandwidth`). */
  internet: InternetAccess.nullable().default(null),
});

/** Fills in the bandwidth where a load balancer has one, and drops it where the cloud accepts none. */
export const NewLoadBalancer = LoadBalancerFields.refine(
  ({ slaType, internet }) =>
    slaType !== '' || internet === null || internet.bandwidthMbps <= bandwidthMaxMbps.shared,
  { message: 'created.bandwidthShared', path: ['internet', 'bandwidthMbps'] },
).transform(
  (made): z.infer<typeof LoadBalancerFields> => ({
    ...made,
    masterZone: made.network === 'OPEN' ? made.masterZone : null,
    internet: hasBandwidth(made) ? (made.internet ?? internetAccessDefault) : null,
  }),
);

export type NewLoadBalancer = z.infer<typeof NewLoadBalancer>;

/** Ports that the cloud reserves. https://www.tencentcloud.com/document/product/214/32515 */
const reservedPorts = [843, 1020, 1433, 1434, 3306, 3389, 6006, 20000, 36000, 42222, 48369, 56000, 65010];

export const NewListener = z
  .object({
    id: placeholder.pipe(ListenerId),
    loadBalancerId: LoadBalancerId,
    name: z
      .string()
      .trim()
      .regex(/^[A-Za-z0-9][\w-]{0,59}$/, 'created.name'),
    protocol: z.enum(['HTTP', 'HTTPS']),
    port: z
      .number('created.port')
      .int('created.port')
      .min(1, 'created.port')
      .max(65_535, 'created.port')
      .refine((port) => !reservedPorts.includes(port), 'created.portReserved'),
    /** For HTTPS: the server certificate. */
    certificateId: z.string().min(1, 'created.certificate').nullable().default(null),
  })
  .refine(({ protocol, certificateId }) => protocol === 'HTTP' || certificateId !== null, {
    message: 'created.certificate',
    path: ['certificateId'],
  });
export type NewListener = z.infer<typeof NewListener>;

export const Creates = z
  .object({
    loadBalancers: z.array(NewLoadBalancer).max(10, 'created.tooMany').default([]),
    listeners: z.array(NewListener).max(20, 'created.tooMany').default([]),
  })
  .refine(
    ({ loadBalancers, listeners }) =>
      new Set([...loadBalancers, ...listeners].map(({ id }) => id)).size ===
      loadBalancers.length + listeners.length,
    { message: 'created.twice' },
  );
export type Creates = z.infer<typeof Creates>;
