import type { Draft, RouteDraft } from '@/lib/draft/draft';
import type { EstateSlice } from '@/lib/draft/estate-slice';
import { optionKey } from '@/lib/draft/function-key';
import { type AccountName, listOptions } from './answer-options';
import type { ChosenOption } from './find-chosen';
import type { OptionsOf } from './options-question';

type Choice = { readonly of: OptionsOf; readonly values: readonly string[] };

function listChoices({ domain, loadBalancerId, listenerId, rule, ...route }: RouteDraft): readonly Choice[] {
  const { to } = route;
  const common: readonly Choice[] = [
    { of: { kind: 'domain' }, values: [domain] },
    { of: { kind: 'loadBalancer', to }, values: [loadBalancerId] },
    { of: { kind: 'listener', loadBalancerId, to }, values: [listenerId] },
    {
      of: { kind: 'rule', listenerId, domain, to, rule },
      values: rule.kind === 'new' ? [] : [rule.ruleId],
    },
  ];
  const backend: Choice =
    route.to === 'function'
      ? { of: { kind: 'function', loadBalancerId }, values: [optionKey(route.function)] }
      : {
          of: { kind: 'instance', loadBalancerId, rule },
          values: route.addTargets.flatMap(({ instanceId }) => instanceId ?? []),
        };
  return [...common, backend];
}

/**
 * Returns the options that the routes of a draft have chosen, so that their fields can name them before a list is
 * opened.
 */
export function listChosenOptions(
  slice: EstateSlice,
  { routes }: Pick<Draft, 'routes'>,
  accountName: AccountName,
): readonly ChosenOption[] {
  const estate = { ...slice, certificates: [] };
  return routes.flatMap((route, index) =>
    listChoices(route).flatMap(({ of, values }) =>
      listOptions(estate, of, accountName)
        .filter(({ value }) => values.includes(value))
        .map((option) => ({ ...option, kind: of.kind, index })),
    ),
  );
}
