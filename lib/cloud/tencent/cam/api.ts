import { type Permissions, unknownPermissions } from '@/lib/estate/account-model';
import { readActions, writeActions } from '@/lib/estate/actions';
import type { Reader } from '../call/caller';
import type { Page } from '../call/pages';
import type { CallerIdentity as Who } from '../sts/convert';
import { type Statement, toPolicyIds, toRolePolicyIds, toStatements } from './convert';

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
