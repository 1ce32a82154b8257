import type { Permissions } from '@/lib/estate/account-model';
import { unknownPermissions } from '@/lib/estate/account-model';
import { readActions, writeActions } from '@/lib/estate/actions';
import type { Reader } from '../call/caller';
import type { CallerIdentity as Who } from '../sts/convert';
import { toPolicyIds, toStatements } from './convert';
import { judge } from './judge';

/** The largest page. https://cloud.tencent.com/document/api/598/67728 */
const pageSize = 200;
/** AttachType: the user's own policies and those of groups. */
const all = 0;

const actions = [...readActions, ...writeActions];

async function listPolicyIds(reader: Reader, userUin: number): Promise<readonly number[]> {
  const found: number[] = [];
  for (let page = 1; ; page += 1) {
    const params = { TargetUin: userUin, Page: page, Rp: pageSize, AttachType: all };
    const { items, total } = await reader.read(
      { service: 'cam', action: 'ListAttachedUserAllPolicies', region: null, params },
      toPolicyIds,
    );
    found.push(...items);
    if (items.length === 0 || found.length >= total) return found;
  }
}

/**
 * Reads what the key may do, according to its user's policies. The account's own keys may do everything; for roles,
 * which have other policies, the permissions are unknown.
 * @throws CloudError if the key may not read its own policies
 */
export async function readPermissions(reader: Reader, who: Who): Promise<Permissions> {
  if (who.userUin === null) return unknownPermissions;
  if (who.userUin === who.accountUin) return { source: 'cam', allowed: [...actions], denied: [] };
  const ids = await listPolicyIds(reader, Number(who.userUin));
  const statements = await Promise.all(
    ids.map((PolicyId) =>
      reader.read({ service: 'cam', action: 'GetPolicy', region: null, params: { PolicyId } }, toStatements),
    ),
  );
  return judge(statements.flat(), actions);
}
