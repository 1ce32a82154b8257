import { z } from 'zod';
import { ListenerId, LoadBalancerId } from '@/lib/estate/ids';

/**
 * What a diversion makes before its routes can stand: load balancers and listeners. Each has an id of its own that begins
 * with `@`, which no id of the cloud does: routes name it like any other, and the run puts the cloud's id in its place as
 * soon as there is one.
 */

const symbol = z.string().regex(/^@[\w.:/-]{1,80}$/, 'created.id');

export const NewLoadBalancer = z.object({
  id: symbol.pipe(LoadBalancerId),
  /** Letters, digits, `-` and `_`. https://cloud.tencent.com/document/api/214/30692 */
  name: z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9][\w-]{0,59}$/, 'created.name'),
  region: z.string().min(1, 'created.region'),
  /** Public ones get a domain name of their own, which DNS follows by CNAME; internal ones an address of the subnet. */
  network: z.enum(['OPEN', 'INTERNAL']),
  vpcId: z.string().min(1, 'created.vpc'),
  /** For internal ones. */
  subnetId: z.string().min(1, 'created.subnet').nullable().default(null),
});
export type NewLoadBalancer = z.infer<typeof NewLoadBalancer>;

/** Ports that the cloud keeps for itself. https://www.tencentcloud.com/document/product/214/32515 */
const reservedPorts = [843, 1020, 1433, 1434, 3306, 3389, 6006, 20000, 36000, 42222, 48369, 56000, 65010];

export const NewListener = z
  .object({
    id: symbol.pipe(ListenerId),
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

export const noCreates: Creates = { loadBalancers: [], listeners: [] };

/** Whether an id is one of ours, for something that is not there yet. */
export function isSymbol(id: string): boolean {
  return id.startsWith('@');
}
