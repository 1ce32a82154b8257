import { configOfRoute } from '@/lib/preflight/function/route-config';
import { createFindings, sources } from '@/lib/preflight/model/finding';
import type { Check } from '@/lib/preflight/model/model';
import { describeMoved, listMovedRules } from './moved-rules';

const { pass, warn, unknown } = createFindings('custom-config', sources.customConfig);

/** Directives that other checks compare. */
const compared: ReadonlySet<string> = new Set([
  'ssl_protocols',
  'proxy_read_timeout',
  'client_max_body_size',
  'proxy_redirect',
]);

/** Finds names whose custom configuration has directives that the one after the move lacks. */
export const checkCustomConfig: Check = (input) => {
  const moved = listMovedRules(input).map((each) => {
    const old = configOfRoute(input.before, { ...each, hostName: each.domain });
    const next = configOfRoute(input.estate, each.to);
    const lost = (old?.directives ?? []).filter(
      (name) => !compared.has(name) && next?.directives.includes(name) === false,
    );
    return { ...each, isUnread: old === null || next === null, lost };
  });
  if (moved.length === 0) return [];
  const changed = moved.filter(({ lost }) => lost.length > 0);
  if (changed.length > 0) {
    const { values, ...found } = describeMoved(changed);
    const directives = [...new Set(changed.flatMap(({ lost }) => lost))].sort().join(', ');
    return [warn({ ...found, why: 'lost', values: { ...values, directives } })];
  }
  const unread = moved.filter(({ isUnread }) => isUnread);
  return [
    unread.length > 0
      ? unknown({ ...describeMoved(unread), why: 'unread' })
      : pass({ ...describeMoved(moved), why: 'pass' }),
  ];
};
