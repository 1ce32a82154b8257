import { z } from 'zod';
import type { ScfFunction } from '@/lib/estate/model';

/** The place and name of a function, as addresses and tables name it. */
export const FunctionId = z.object({
  region: z.string().min(1).max(60),
  namespace: z.string().min(1).max(60),
  name: z.string().min(1).max(60),
});
export type FunctionId = z.infer<typeof FunctionId>;

const Version = z.string().regex(/^(\$LATEST|\d{1,9})$/, 'version.invalid');
const Published = z.string().regex(/^\d{1,9}$/, 'version.invalid');
/** https://cloud.tencent.com/document/api/583/44164 */
const AliasName = z.string().regex(/^[A-Za-z][\w-]{0,63}$/, 'alias.invalid');
/** Every function has the alias `$DEFAULT`: it can be moved, but neither created nor deleted. */
const MovableAlias = z.union([z.literal('$DEFAULT'), AliasName], 'alias.invalid');

/**
 * The versions of an alias: its own, and at most one more that takes a share of the calls, in whole percent:
 * https://cloud.tencent.com/document/api/583/17244#RoutingConfig.
 */
export const AliasTarget = z
  .object({
    version: Version,
    additional: z
      .object({
        version: Version,
        percent: z
          .number('share.invalid')
          .int('share.invalid')
          .min(1, 'share.invalid')
          .max(99, 'share.invalid'),
      })
      .nullable(),
  })
  .refine(({ version, additional }) => additional?.version !== version, {
    message: 'additional.same',
    path: ['additional', 'version'],
  });
export type AliasTarget = z.infer<typeof AliasTarget>;

/** Returns the versions of an alias in the form in which changes name them; null = the function has no such alias. */
export function readAliasTarget(fn: Pick<ScfFunction, 'aliases'>, name: string): AliasTarget | null {
  const alias = fn.aliases?.find((each) => each.name === name);
  if (alias === undefined) return null;
  const { version, additional } = alias;
  return {
    version,
    additional: additional && { version: additional.version, percent: Math.round(additional.weight * 100) },
  };
}

/** The most instances that a version can keep ready; the quota of its region is lower. */
const instancesMax = 10_000;
const Instances = z
  .number('instances.invalid')
  .int('instances.invalid')
  .min(0, 'instances.invalid')
  .max(instancesMax, 'instances.invalid');

/**
 * The forms of what a person may change about a function outside of plans; `before` is what was seen when it was
 * decided.
 */
export const functionChangeForms = {
  /** Letters, digits, spaces, commas and full stops: https://cloud.tencent.com/document/api/583/37161 */
  publish: z.object({
    kind: z.literal('publish'),
    description: z
      .string()
      .trim()
      .max(200, 'description.tooLong')
      .regex(/^[\w ,.]*$/, 'description.invalid'),
  }),
  setAlias: z.object({
    kind: z.literal('setAlias'),
    alias: MovableAlias,
    before: AliasTarget.nullable(),
    after: AliasTarget,
  }),
  deleteAlias: z.object({ kind: z.literal('deleteAlias'), alias: AliasName, before: AliasTarget }),
  setProvisioned: z.object({
    kind: z.literal('setProvisioned'),
    version: Published,
    before: Instances,
    after: Instances,
  }),
  deleteVersion: z.object({ kind: z.literal('deleteVersion'), version: Published }),
  delete: z.object({ kind: z.literal('delete') }),
} as const;

/** A change of a function: one write to the cloud, sent after its `before` was compared with the cloud. */
export type FunctionChange = {
  readonly [Kind in keyof typeof functionChangeForms]: z.infer<(typeof functionChangeForms)[Kind]>;
}[keyof typeof functionChangeForms];

/** Returns the cloud actions that a change may send, as `service:Action`. */
export function listChangeActions(change: FunctionChange): readonly string[] {
  switch (change.kind) {
    case 'publish':
      return ['scf:PublishVersion'];
    case 'setAlias':
      return [change.before === null ? 'scf:CreateAlias' : 'scf:UpdateAlias'];
    case 'deleteAlias':
      return ['scf:DeleteAlias'];
    case 'setProvisioned':
      return [
        change.after === 0 ? 'scf:DeleteProvisionedConcurrencyConfig' : 'scf:PutProvisionedConcurrencyConfig',
      ];
    case 'deleteVersion':
    case 'delete':
      return ['scf:DeleteFunction'];
  }
}
