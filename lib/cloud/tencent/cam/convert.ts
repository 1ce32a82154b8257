import type {
  GetPolicyResponse,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserAllPoliciesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models.js';
import { z } from 'zod';
import type { Page } from '../call/pages';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** A statement in CAM's policy syntax: https://www.tencentcloud.com/document/product/598/10604. */
const Statement = z.object({
  effect: z.enum(['allow', 'deny']),
  action: texts,
  resource: texts.default(['*']),
  /** If present, the statement is conditional; we do not evaluate conditions. */
  condition: z.unknown().optional(),
});
export type Statement = z.infer<typeof Statement>;

/** Keys are written in any case: https://www.tencentcloud.com/document/product/598/10603. */
const lowerKeys = (value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).map(([key, inner]) => [key.toLowerCase(), inner]))
    : value;

const Document = z.preprocess(
  lowerKeys,
  z.object({
    statement: z.preprocess(
      (value) => (Array.isArray(value) ? value : [value]).map(lowerKeys),
      z.array(
        z.preprocess((value) => {
          const effect = Object(value).effect;
          return { ...Object(value), effect: typeof effect === 'string' ? effect.toLowerCase() : effect };
        }, Statement),
      ),
    ),
  }),
);

const PolicyIdsAnswer = z.object({
  TotalNum: z.number().int(),
  PolicyList: z.array(z.object({ PolicyId: z.coerce.number().int() })).nullish(),
});

/** Returns the ids of the policies that apply to a user, directly or through a group. */
export function toPolicyIds(answer: ListAttachedUserAllPoliciesResponse): Page<number> {
  const wire = PolicyIdsAnswer.parse(answer);
  return { items: (wire.PolicyList ?? []).map((policy) => policy.PolicyId), total: wire.TotalNum };
}

const RolePolicyIdsAnswer = z.object({
  TotalNum: z.number().int(),
  List: z.array(z.object({ PolicyId: z.number().int() })).nullish(),
});

/** Returns the ids of the policies of a role. */
export function toRolePolicyIds(answer: ListAttachedRolePoliciesResponse): Page<number> {
  const wire = RolePolicyIdsAnswer.parse(answer);
  return { items: (wire.List ?? []).map((policy) => policy.PolicyId), total: wire.TotalNum };
}

const DocumentText = z.string().transform((value, context) => {
  try {
    return JSON.parse(value) as unknown;
  } catch {
    context.addIssue({ code: 'custom', message: 'the policy is not JSON' });
    return z.NEVER;
  }
});

const StatementsAnswer = z.object({ PolicyDocument: z.string() });

/**
 * Returns the statements of a policy.
 * @throws ZodError when its document is not in the policy syntax
 */
export function toStatements(answer: GetPolicyResponse): readonly Statement[] {
  const { PolicyDocument: text } = StatementsAnswer.parse(answer);
  return Document.parse(DocumentText.parse(text)).statement;
}
