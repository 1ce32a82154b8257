import type { FunctionRoute } from '@/lib/diversion/route';
import { findFunction } from '@/lib/estate/look-up';
import type { ResolvedRoute } from '@/lib/plan/model/resolve-route';
import { createFindings } from '@/lib/preflight/model/finding';
import { isLedTo } from '@/lib/preflight/model/led-to';
import type { Check, CheckInput, Finding } from '@/lib/preflight/model/model';
import { listFunctionRoutes, routeFieldName } from '@/lib/preflight/model/routes';

const { pass, warn, block, unknown } = createFindings(
  'warm-version',
  'https://cloud.tencent.com/document/api/583/51246',
);

function warmFinding(input: CheckInput, resolved: ResolvedRoute<FunctionRoute>): Finding | null {
  const { function: choice, provisioned } = resolved.route;
  const chosen = findFunction(input.estate, choice);
  if (provisioned === null || chosen === undefined) return null;
  const { namespace, name, aliases } = chosen;
  const { qualifier } = choice;
  const function_ = `${namespace}/${name}`;
  const found = { field: routeFieldName(resolved, 'provisioned'), objects: [function_] };
  const values = { function: function_, qualifier };
  const stop = isLedTo(input, resolved) ? block : warn;
  if (/^\d+$/.test(qualifier)) {
    return pass({ ...found, why: 'pass', values: { ...values, version: qualifier } });
  }
  if (qualifier === '$LATEST') return stop({ ...found, why: 'latest', values });
  if (aliases === null) return unknown({ ...found, why: 'unread', values });
  const alias = aliases.find((each) => each.name === qualifier);
  // `function-ready` reports a missing one.
  if (alias === undefined) return null;
  if (alias.version === '$LATEST') return stop({ ...found, why: 'latest', values });
  const { version, additional } = alias;
  if (additional === null) return pass({ ...found, why: 'pass', values: { ...values, version } });
  const percent = Math.round(additional.weight * 100);
  const other = additional.version;
  return warn({ ...found, why: 'split', values: { ...values, version, other, percent } });
}

/** Checks that a route's warm qualifier is a published version, or an alias of one: only these can be kept warm. */
export const checkWarmVersion: Check = (input) =>
  listFunctionRoutes(input).flatMap((resolved) => warmFinding(input, resolved) ?? []);
