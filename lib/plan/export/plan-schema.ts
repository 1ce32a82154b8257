import { z } from 'zod';
import { Diversion } from '@/lib/diversion/diversion';
import { phases } from '@/lib/diversion/phase';
import { wavesMax } from '@/lib/diversion/wave-limits';
import type { ParamValue } from '@/lib/estate/call';
import { ObjectRef, ObjectState, RecordSetRef, RuleRef } from '@/lib/estate/object';
import { owner } from '@/lib/estate/owner-schema';
import { regionCode } from '@/lib/region-code';
import { type Plan, StepId } from '../model/model';
import { planFaults } from './plan-faults';

/*
 * The schema of imported plans. It uses the types' own schemas where they exist; the compiler checks at the end of this
 * file that the rest matches the types of `../model` exactly.
 */

/** Names of API parameters: letters and digits. Excludes `$id`, and names that objects have by default. */
const ParamName = z.string().regex(/^[A-Za-z][A-Za-z0-9]*$/, 'plan.paramName');

const Param: z.ZodType<ParamValue> = z.lazy(() =>
  z.union([
    z.string(),
    z.number(),
    z.boolean(),
    z.strictObject({ $id: z.string() }),
    z.array(Param),
    z.record(ParamName, Param),
  ]),
);

const Call = z.strictObject({
  ...owner,
  service: z.enum(['clb', 'dnspod', 'scf']),
  action: z.string().regex(/^[A-Z][A-Za-z]*$/, 'plan.action'),
  region: regionCode('plan.region').nullable(),
  params: z.record(ParamName, Param),
});

const HttpProbe = z.strictObject({
  kind: z.literal('http'),
  host: z.string(),
  path: z.string(),
  scheme: z.enum(['http', 'https']),
  address: z.string(),
  port: z.number().int().min(1).max(65_535),
  resolver: z.string().exactOptional(),
  expect: z.strictObject({ status: z.number().int(), bodyContains: z.string().nullable() }),
});

const DnsProbe = z.strictObject({
  kind: z.literal('dns'),
  name: z.string(),
  type: z.enum(['A', 'AAAA', 'CNAME']),
  expect: z.strictObject({ value: z.string() }),
});

const ReadyProbe = z.strictObject({
  kind: z.literal('ready'),
  ...owner,
  region: z.string(),
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
  expect: z.strictObject({ instances: z.number().int() }),
});

const BoundFunction = z.strictObject({
  namespace: z.string(),
  name: z.string(),
  qualifier: z.string(),
  qualifierType: z.enum(['VERSION', 'ALIAS']).nullable(),
  weight: z.number().int(),
});

const MeasuredRoute = z.strictObject({
  ...RuleRef.omit({ kind: true }).shape,
  functions: z.array(BoundFunction),
});

const Seconds = z.number().min(0);

/** Fields that every step has. */
const common = {
  id: StepId,
  wave: z.number().int().min(1).max(wavesMax).exactOptional(),
  needs: z.array(StepId),
  forecastMs: z.number().min(0),
};

/** A single step without its dependencies on other steps. */
export const StepSchema = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('write'),
    ...common,
    phase: z.enum(phases),
    object: ObjectRef,
    call: Call,
    before: ObjectState,
    after: ObjectState,
    inverse: Call,
    yields: z.record(z.string(), z.string()).exactOptional(),
    undoes: StepId.nullable(),
  }),
  z.strictObject({
    kind: z.literal('probe'),
    ...common,
    phase: z.enum(phases),
    probe: z.discriminatedUnion('kind', [HttpProbe, DnsProbe, ReadyProbe]),
    withinMs: z.number().min(0),
  }),
  z.strictObject({
    kind: z.literal('drain'),
    ...common,
    phase: z.literal('drain'),
    oldTtlS: Seconds,
    restoredTtlS: Seconds.exactOptional(),
    keepAliveS: Seconds,
  }),
  z.strictObject({
    kind: z.literal('bake'),
    ...common,
    phase: z.enum(['prewarm', 'divert', 'rollback', 'drain']),
    name: z.string(),
    percent: z.number().int().min(1).max(100).nullable(),
    oldTtlS: Seconds,
    bakeS: Seconds,
  }),
]);

/**
 * A plan, strict: an unknown field is rejected, because the hash would not cover what is dropped. `planFaults` checks
 * what no JSON Schema can express.
 */
export const PlanSchema = z
  .strictObject({
    diversion: Diversion,
    restores: z.array(z.strictObject({ object: ObjectRef, state: ObjectState })).exactOptional(),
    originalTtls: z
      .array(
        z.strictObject({
          set: RecordSetRef,
          record: z.strictObject({ type: z.string(), value: z.string() }),
          loweredS: Seconds,
          ttlS: Seconds,
          cachedS: Seconds,
        }),
      )
      .exactOptional(),
    connectionId: z.string().min(1),
    estateTakenAt: z.iso.datetime('instant.invalid'),
    routes: z.array(MeasuredRoute).exactOptional(),
    fingerprints: z.record(z.string(), z.string()),
    steps: z.array(StepSchema),
    rollback: z.array(StepSchema),
  })
  .superRefine((plan, context) => {
    for (const { path, message } of planFaults(plan))
      context.addIssue({ code: 'custom', path: [...path], message });
  })
  .describe('A plan: the apply steps that lead to the diversion, in order, and the rollback steps.');

type Primitive = string | number | boolean | null | undefined;
/** Parameters are any JSON: their type is infinitely recursive, and the same on both sides. */
type Frozen<T> = [ParamValue] extends [T]
  ? T
  : T extends Primitive
    ? T
    : { readonly [K in keyof T]: Frozen<T[K]> };
type Same<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false;

/** Fails to compile if the schema and the type have diverged, in either direction. */
true satisfies Same<Frozen<z.infer<typeof PlanSchema>>, Frozen<Plan>>;
