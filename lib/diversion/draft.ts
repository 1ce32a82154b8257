import { z } from 'zod';
import { byAddress, byServer } from '@/lib/estate/target-schema';
import { Acknowledgement } from './acknowledgement';
import { internetChargeTypes } from './creates';
import { waveNamesMax, wavesMax } from './wave-limits';

/** A number while it is typed: NaN = the text is not a number. */
const number = z
  .union([z.number(), z.nan()])
  .nullable()
  .transform((value) => value ?? Number.NaN);
const optionalNumber = z.union([z.number(), z.nan()]).nullable();

/** The rule of a route while it is edited. */
export const EditedRule = z.union([
  z.object({
    kind: z.literal('new'),
    url: z.string(),
    certificateId: z.string().nullable().default(null),
  }),
  z.object({ kind: z.enum(['existing', 'swap']), ruleId: z.string() }),
]);

const place = {
  key: z.string(),
  domain: z.string(),
  loadBalancerId: z.string(),
  listenerId: z.string(),
  rule: EditedRule,
};

const route = z.discriminatedUnion('to', [
  z.object({
    ...place,
    to: z.literal('cvm'),
    addTargets: z
      .array(
        z.union([
          z.object({ ...byServer(z.string()), port: number, weight: number }),
          z.object({ ...byAddress(z.string()), port: number, weight: number }),
        ]),
      )
      .readonly(),
  }),
  z.object({
    ...place,
    to: z.literal('function'),
    function: z.object({
      region: z.string(),
      namespace: z.string(),
      name: z.string(),
      qualifier: z.string(),
    }),
    expectedBody: z.string(),
    provisioned: optionalNumber,
  }),
]);

/** A load balancer to create while it is edited. */
export const EditedLoadBalancer = z.object({
  id: z.string(),
  name: z.string(),
  region: z.string(),
  network: z.enum(['OPEN', 'INTERNAL']),
  vpcId: z.string(),
  subnetId: z.string().nullable(),
  slaType: z.string().default(''),
  masterZone: z.string().nullable().default(null),
  address: z.enum(['domain', 'fixed']).default('domain'),
  internet: z
    .object({ chargeType: z.enum(internetChargeTypes), bandwidthMbps: z.number() })
    .nullable()
    .default(null),
});

/** A listener to create while it is edited. */
export const EditedListener = z.object({
  id: z.string(),
  loadBalancerId: z.string(),
  name: z.string(),
  protocol: z.enum(['HTTP', 'HTTPS']),
  port: z.number(),
  certificateId: z.string().nullable(),
});

/**
 * A diversion of any kind while it is being edited, as it is stored: the same shape, with empty text where nothing has
 * been chosen yet. JSON has no NaN: an invalid number is restored as an empty field.
 */
export const DiversionDraft = z.object({
  kind: z.enum(['access', 'switch', 'split']),
  name: z.string(),
  creates: z.object({
    // A draft may exceed the limits of a diversion, which the check of its plan reports.
    loadBalancers: z.array(EditedLoadBalancer).max(50, 'created.tooMany').readonly(),
    listeners: z.array(EditedListener).max(100, 'created.tooMany').readonly(),
  }),
  lowerTtlS: optionalNumber,
  expectedPeakRps: optionalNumber.default(null),
  prewarmS: optionalNumber.default(null),
  acknowledged: z.array(Acknowledgement).max(200, 'acknowledged.tooMany').readonly().default([]),
  routes: z.array(route).min(1).max(40, 'routes.tooMany').readonly(),
  ownRoutes: z
    .array(route)
    .max(4 * waveNamesMax, 'routes.tooMany')
    .readonly()
    .default([]),
  waves: z
    .array(z.object({ names: z.array(z.string().max(80)).max(waveNamesMax).readonly(), bakeS: number }))
    .max(wavesMax)
    .readonly()
    .default([]),
  toward: z.enum(['cvm', 'function']),
  ramp: z
    .array(z.object({ percent: number, bakeS: number }))
    .min(1)
    .max(20, 'ramp.tooLong')
    .readonly(),
});
export type DiversionDraft = z.infer<typeof DiversionDraft>;
