import { z } from 'zod';
import { Acknowledgement } from '@/lib/diversion/acknowledgement';
import { internetChargeTypes } from '@/lib/diversion/creates';
import { byAddress, byServer } from '@/lib/estate/target';
import type { Draft, Kind } from './draft';

/**
 * Drafts survive in the tab in which they were typed, one per connection and kind, so leaving the page by mistake loses
 * nothing. The store is per tab, so that two tabs can plan two diversions.
 */

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

/** JSON has no NaN: an invalid number is restored as an empty field. */
const StoredDraft = z.object({
  kind: z.enum(['access', 'switch', 'split']),
  name: z.string(),
  creates: z.object({
    loadBalancers: z.array(
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
    ),
    listeners: z.array(
      z.object({
        id: z.string(),
        loadBalancerId: z.string(),
        name: z.string(),
        protocol: z.enum(['HTTP', 'HTTPS']),
        port: z.number(),
        certificateId: z.string().nullable(),
      }),
    ),
  }),
  lowerTtlS: z.number().nullable(),
  expectedPeakRps: z.number().nullable().default(null),
  acknowledged: z.array(Acknowledgement).default([]),
  routes: z
    .array(
      z.discriminatedUnion('to', [
        z.object({
          ...place,
          to: z.literal('cvm'),
          addTargets: z.array(
            z.union([
              z.object({ ...byServer(z.string()), port: number, weight: number }),
              z.object({ ...byAddress(z.string()), port: number, weight: number }),
            ]),
          ),
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
      ]),
    )
    .min(1),
  toward: z.enum(['cvm', 'function']),
  ramp: z.array(z.object({ percent: number, bakeS: number })).min(1),
});

function storageKey(connectionId: string, kind: Kind): string {
  return `spillway.draft.${connectionId}.${kind}`;
}

/** A browser may refuse storage altogether: drafts then last as long as the page. */
function attempt<T>(action: () => T): T | null {
  try {
    return action();
  } catch {
    return null;
  }
}

/** Returns the draft stored in this tab, or null if there is none or this build cannot read it. */
export function loadDraft(connectionId: string, kind: Kind): Draft | null {
  const text = attempt(() => sessionStorage.getItem(storageKey(connectionId, kind)));
  const json = text === null ? null : attempt((): unknown => JSON.parse(text));
  const found = StoredDraft.safeParse(json);
  return found.success && found.data.kind === kind ? found.data : null;
}

export function keepDraft(connectionId: string, draft: Draft): void {
  attempt(() => sessionStorage.setItem(storageKey(connectionId, draft.kind), JSON.stringify(draft)));
}

export function dropDraft(connectionId: string, kind: Kind): void {
  attempt(() => sessionStorage.removeItem(storageKey(connectionId, kind)));
}
