import { diversionKinds } from '@/lib/diversion/routes';
import { changeRoute } from '@/lib/draft/change-routes';
import { type Draft, type DraftSide, emptyDraft, type Kind, sidesOf } from '@/lib/draft/draft';
import { parseFunctionKey } from '@/lib/draft/function-key';
import { chooseName } from '@/lib/draft/propose-routes';
import { chooseRule } from '@/lib/draft/route-choices';
import { findFunction } from '@/lib/estate/look-up';
import type { Estate, Rule } from '@/lib/estate/model';

/** The content that the address requests for the editor, unvalidated. */
export type Asked = {
  readonly connection: string | null;
  readonly kind: string | null;
  readonly domain: string | null;
  readonly rule: string | null;
  /** A function to publish, as `REGION/NAMESPACE/NAME`; with `:VERSION` a version or alias of it. */
  readonly function: string | null;
  /** The field to go to, as a finding names it. */
  readonly field: string | null;
};

/** The parts that are unavailable, or that were filled in. Message keys below `diversion.prefill`, with their values. */
export type PrefillNote = {
  readonly message:
    | 'unknownConnection'
    | 'unknownKind'
    | 'unknownRule'
    | 'unknownFunction'
    | 'advice'
    | 'adviceElsewhere';
  readonly values: Readonly<Record<string, string>>;
};

function parseKind({ kind }: Pick<Asked, 'kind'>): Kind {
  return diversionKinds.find((known) => known === kind) ?? 'split';
}

/** Returns the CVM side for a rule that serves CVM targets. Any other rule is for a function, or already serves one. */
function sideFor(kind: Kind, rule: Rule | undefined): DraftSide {
  const [first] = sidesOf[kind];
  return rule !== undefined && rule.targets.length > 0 && first === 'cvm' ? 'cvm' : 'function';
}

/**
 * Builds the draft that an address requests.
 * @param nameOf returns the name of an untouched draft of a kind
 * @returns the draft, the parts that were not found, and whether anything was requested at all
 */
export function prefill(
  estate: Estate,
  asked: Asked,
  nameOf: (kind: Kind) => string,
): { readonly draft: Draft; readonly notes: readonly PrefillNote[]; readonly isFilled: boolean } {
  const kind = parseKind(asked);
  const empty = emptyDraft(kind, nameOf(kind));
  const rule = estate.rules.find(({ id }) => id === asked.rule);
  const domain = asked.domain ?? rule?.domain ?? '';
  const choice = asked.function === null ? undefined : parseFunctionKey(estate, asked.function);
  const isThere = choice !== undefined && findFunction(estate, choice) !== undefined;
  const notes: PrefillNote[] = [
    ...(asked.connection === null || asked.connection === estate.connectionId
      ? []
      : [{ message: 'unknownConnection', values: { connection: asked.connection } } as const]),
    ...(asked.kind === null || asked.kind === kind
      ? []
      : [{ message: 'unknownKind', values: { kind: asked.kind } } as const]),
    ...(asked.rule === null || rule !== undefined
      ? []
      : [{ message: 'unknownRule', values: { rule: asked.rule } } as const]),
    ...(asked.function === null || isThere
      ? []
      : [{ message: 'unknownFunction', values: { function: asked.function } } as const]),
  ];
  if (domain === '' && rule === undefined && !isThere) return { draft: empty, notes, isFilled: false };
  const side = sideFor(kind, rule);
  const routes = empty.routes.map((route) =>
    route.to === 'function' && isThere ? { ...route, function: choice } : route,
  );
  const published = { ...empty, routes };
  if (domain === '' && rule === undefined) return { draft: published, notes, isFilled: true };
  const index = empty.routes.findIndex(({ to }) => to === side);
  if (rule === undefined)
    return { draft: chooseName(estate, published, index, domain), notes, isFilled: true };
  const { loadBalancerId, listenerId, id: ruleId } = rule;
  const draft = changeRoute(estate, published, index, (route) =>
    chooseRule(estate, { ...route, domain, loadBalancerId, listenerId }, { kind: 'existing', ruleId }),
  );
  return { draft, notes, isFilled: true };
}
