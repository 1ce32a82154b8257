import type {
  GetPolicyResponse,
  ListAttachedRolePoliciesResponse,
  ListAttachedUserAllPoliciesResponse,
} from 'tencentcloud-sdk-nodejs/tencentcloud/services/cam/v20190116/cam_models.js';
import { z } from 'zod';
import { type Permissions, unknownPermissions } from '@/lib/estate/account-model';
import { readActions, writeActions } from '@/lib/estate/actions';
import type { Reader } from '../call/caller';
import type { Page } from '../call/pages';
import type { CallerIdentity as Who } from '../sts/convert';

const texts = z.union([z.string().transform((text) => [text]), z.array(z.string())]);

/** A statement in CAM's policy syntax: https://www.tencentcloud.com/document/product/598/10604. */
const Statement = z.object({
  effect: z.enum(['allow', 'deny']),
  action: texts,
  resource: texts.default(['*']),
  /** If present, the statement is conditional; we do not evaluate conditions. */
  condition: z.unknown().optional(),
});
type Statement = z.infer<typeof Statement>;

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
function toPolicyIds(answer: ListAttachedUserAllPoliciesResponse): Page<number> {
  const wire = PolicyIdsAnswer.parse(answer);
  return { items: (wire.PolicyList ?? []).map((policy) => policy.PolicyId), total: wire.TotalNum };
}

const RolePolicyIdsAnswer = z.object({
  TotalNum: z.number().int(),
  List: z.array(z.object({ PolicyId: z.number().int() })).nullish(),
});

/** Returns the ids of the policies of a role. */
function toRolePolicyIds(answer: ListAttachedRolePoliciesResponse): Page<number> {
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

/**
 * Returns true if a pattern of actions (`clb:Describe*`, `name/clb:*`, `*`) covers this action. `*` matches any
 * text.
 */
function covers(pattern: string, action: string): boolean {
  const plain = pattern.replace(/^name\//, '').toLowerCase();
  const text = action.toLowerCase();
  const [first = '', ...between] = plain.split('*');
  const last = between.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of between) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length;
}

const speaksOfAll = (statement: Statement) =>
  statement.condition === undefined && statement.resource.includes('*');

/**
 * Returns which of these actions a key's policies allow on everything, and which they refuse. A deny wins, and an
 * action without an allow is refused (https://www.tencentcloud.com/document/product/598/10602). Actions that depend on
 * the resource or a condition are in neither list. A permission boundary, which may narrow this, is not read.
 */
export function judge(statements: readonly Statement[], actions: readonly string[]): Permissions {
  const allowed: string[] = [];
  const denied: string[] = [];
  for (const action of actions) {
    const speaking = statements.filter((statement) => statement.action.some((name) => covers(name, action)));
    const allows = speaking.filter(({ effect }) => effect === 'allow');
    const denies = speaking.filter(({ effect }) => effect === 'deny');
    if (allows.length === 0 || denies.some(speaksOfAll)) denied.push(action);
    else if (denies.length === 0 && allows.some(speaksOfAll)) allowed.push(action);
  }
  return { source: 'cam', allowed, denied };
}

/** The largest page. https://cloud.tencent.com/document/api/598/67728 */
const pageSize = 200;
/** AttachType: the user's own policies and those of groups. */
const all = 0;

const defaultActions = [...readActions, ...writeActions];

async function readPages(readPage: (page: number) => Promise<Page<number>>): Promise<readonly number[]> {
  const found: number[] = [];
  for (let page = 1; ; page += 1) {
    const { items, total } = await readPage(page);
    found.push(...items);
    if (items.length === 0 || found.length >= total) return found;
  }
}

function listUserPolicyIds(reader: Reader, userUin: string): Promise<readonly number[]> {
  const user = { TargetUin: Number(userUin), AttachType: all };
  return readPages((Page) =>
    reader.read(
      {
        service: 'cam',
        action: 'ListAttachedUserAllPolicies',
        region: null,
        params: { ...user, Page, Rp: pageSize },
      },
      toPolicyIds,
    ),
  );
}

/** By id: the cloud names the caller's role by it. */
function listRolePolicyIds(reader: Reader, RoleId: string): Promise<readonly number[]> {
  return readPages((Page) =>
    reader.read(
      {
        service: 'cam',
        action: 'ListAttachedRolePolicies',
        region: null,
        params: { RoleId, Page, Rp: pageSize },
      },
      toRolePolicyIds,
    ),
  );
}

/**
 * Reads what the key may do, according to the policies of its user or its role. The account's own keys may do everything;
 * for federated users, whose policies can't be read, the permissions are unknown. A policy that was given when the role was
 * assumed, which may narrow this, can't be read: Spillway gives none.
 * @param actions those that are judged; by default those of syncs and plans
 * @throws CloudError if the key may not read its own policies
 */
export async function readPermissions(
  reader: Reader,
  { accountUin, userUin, roleId }: Who,
  actions: readonly string[] = defaultActions,
): Promise<Permissions> {
  if (userUin === accountUin) return { source: 'cam', allowed: [...actions], denied: [] };
  if (userUin === null && roleId === null) return unknownPermissions;
  const ids =
    userUin === null
      ? await listRolePolicyIds(reader, roleId ?? '')
      : await listUserPolicyIds(reader, userUin);
  const statements = await Promise.all(
    ids.map((PolicyId) =>
      reader.read({ service: 'cam', action: 'GetPolicy', region: null, params: { PolicyId } }, toStatements),
    ),
  );
  return judge(statements.flat(), actions);
}
