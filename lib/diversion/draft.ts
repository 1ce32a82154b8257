import { z } from 'zod';
import { byAddress, byServer } from '@/lib/estate/target-schema';
import { Acknowledgement } from './acknowledgement';
import { internetChargeTypes } from './created-objects';
import { waveNamesMax, wavesMax } from './wave';

const number = z
  .number()
  .nullable()
  .transform((value) => value ?? Number.NaN);
const place = {
  key: z.string(),
  domain: z.string(),
  loadBalancerId: z.string(),
  listenerId: z.string(),
  rule: z.union([
    z.object({
      kind: z.literal('new'),
      url: z.string(),
      certificateId: z.string().nullable().default(null),
    }),
    z.object({ kind: z.enum(['existing', 'swap']), ruleId: z.string() }),
  ]),
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
    provisioned: z.number().nullable(),
  }),
]);

/**
 * A diversion of any kind while it is being edited, as it is stored: the same shape, with empty text where nothing has
 * been chosen yet. JSON has no NaN: an invalid number is restored as an empty field.
 */
export const DiversionDraft = z.object({
  kind: z.enum(['access', 'switch', 'split']),
  name: z.string(),
  creates: z.object({
    loadBalancers: z
      .array(
        z.object({
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
        }),
      )
      .readonly(),
    listeners: z
      .array(
        z.object({
          id: z.string(),
          loadBalancerId: z.string(),
          name: z.string(),
          protocol: z.enum(['HTTP', 'HTTPS']),
          port: z.number(),
          certificateId: z.string().nullable(),
        }),
      )
      .readonly(),
  }),
  lowerTtlS: z.number().nullable(),
  expectedPeakRps: z.number().nullable().default(null),
  acknowledged: z.array(Acknowledgement).readonly().default([]),
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
