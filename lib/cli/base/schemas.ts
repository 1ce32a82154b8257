import { z } from 'zod';

/** The fields of the API's answers that the commands use. */
export const Connection = z.looseObject({
  id: z.string(),
  name: z.string(),
  kind: z.string(),
  uin: z.string().nullable(),
});

const Revision = z.looseObject({ planId: z.string(), number: z.number(), runId: z.string().nullable() });
export const DiversionItem = z.looseObject({
  id: z.string(),
  kind: z.string(),
  name: z.string(),
  domains: z.array(z.string()),
  owner: z.string(),
  state: z.string(),
  /** Of the lists over all accounts. */
  connectionId: z.string().optional(),
  newest: Revision.nullable(),
});

const StepItem = z.looseObject({ step: z.looseObject({ id: z.string() }), state: z.string() });
export const RunItem = z.looseObject({
  id: z.string(),
  planId: z.string(),
  name: z.string(),
  state: z.string(),
  direction: z.enum(['apply', 'rollback']),
  /** The reason of its rollback; null = it has none. */
  rollbackReason: z.looseObject({ why: z.looseObject({ kind: z.string() }) }).nullable(),
  apply: z.array(StepItem),
  rollback: z.array(StepItem),
});
export type RunItem = z.infer<typeof RunItem>;

const BindingRow = z.looseObject({
  id: z.string(),
  domain: z.string().nullable(),
  url: z.string().nullable(),
  loadBalancer: z.string(),
  listener: z.string(),
  region: z.string(),
  health: z.string(),
  bound: z.array(z.looseObject({ text: z.string() })),
});
export const BindingPage = z.looseObject({ rows: z.array(BindingRow), nextCursor: z.string().nullable() });

export const Drift = z.looseObject({
  takenAt: z.string(),
  watched: z.number(),
  drifted: z.array(z.looseObject({ key: z.string() })),
  unknown: z.array(z.looseObject({ key: z.string() })),
});

export const Schedule = z.looseObject({
  cutovers: z.array(
    z.looseObject({
      runId: z.string(),
      name: z.string(),
      state: z.string(),
      cutover: z.looseObject({ t0: z.string(), t1: z.string().nullable() }),
    }),
  ),
});
