import { diversionKinds } from '@/lib/diversion/diversion';
import type { Estate, Rule } from '@/lib/estate/model';
import { changeRoute } from './change-routes';
import { type Draft, emptyDraft, type Kind, type Side, sidesOf } from './draft';
import { chooseDomain, chooseRule } from './route-choices';

/** What the address asks the editor to begin with; each as it stands there, so anything. */
export type Asked = {
  readonly connection: string | null;
  readonly kind: string | null;
  readonly domain: string | null;
  readonly rule: string | null;
};

/** What of it could not be had. Message keys below `diversion.prefill`, with their values. */
export type PrefillNote = {
  readonly message: 'unknownConnection' | 'unknownKind' | 'unknownRule';
  readonly values: Readonly<Record<string, string>>;
};

function kindOf({ kind }: Pick<Asked, 'kind'>): Kind {
  return diversionKinds.find((known) => known === kind) ?? 'split';
}

/** A rule that serves CVM targets begins the CVM side; any other one is where a function is to be, or is already. */
function sideFor(kind: Kind, rule: Rule | undefined): Side {
  const [first] = sidesOf[kind];
  return rule !== undefined && rule.targets.length > 0 && first === 'cvm' ? 'cvm' : 'function';
}

/**
 * The draft that an address asks for.
 * @param nameOf the name of an untouched draft of a kind
 * @returns the draft, what of it was not found, and whether anything was asked for at all
 */
export function prefill(
  estate: Estate,
  asked: Asked,
  nameOf: (kind: Kind) => string,
): { readonly draft: Draft; readonly notes: readonly PrefillNote[]; readonly isFilled: boolean } {
  const kind = kindOf(asked);
  const empty = emptyDraft(kind, nameOf(kind));
  const rule = estate.rules.find(({ id }) => id === asked.rule);
  const domain = asked.domain ?? rule?.domain ?? '';
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
  ];
  if (domain === '' && rule === undefined) return { draft: empty, notes, isFilled: false };
  const side = sideFor(kind, rule);
  const draft = changeRoute(
    estate,
    empty,
    empty.routes.findIndex(({ to }) => to === side),
    (route) => {
      if (rule === undefined) return chooseDomain(estate, route, domain);
      const { loadBalancerId, listenerId } = rule;
      return chooseRule(
        estate,
        { ...route, domain, loadBalancerId, listenerId },
        { kind: 'existing', ruleId: rule.id },
      );
    },
  );
  return { draft, notes, isFilled: true };
}
