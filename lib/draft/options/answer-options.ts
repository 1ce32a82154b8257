import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import { listBoundTargets } from '@/lib/draft/rule-draft';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate } from '@/lib/estate/model';
import { getOwner } from '@/lib/estate/owner';
import { targetName } from '@/lib/estate/target';
import { hasWords } from '@/lib/has-words';
import texts from '@/lib/messages/en/diversion.json';
import reasons from '@/lib/messages/en/diversion-ineligible.json';
import { certificateOptions } from './certificate-options';
import { functionOptions } from './function-options';
import type { OptionsOf, OptionsQuestion } from './options-question';
import {
  domainOptions,
  instanceOptions,
  listenerOptions,
  loadBalancerOptions,
  type RouteOption,
  ruleOptions,
} from './route-options';

/** One option of a field as its list shows it: `reason` says why it can't serve the route. */
export type FieldOption = Omit<RouteOption, 'problem'> & { readonly reason?: string };

/** A part of the options of a field. */
export type OptionsAnswer = {
  readonly options: readonly FieldOption[];
  /** The number of options that match. */
  readonly total: number;
};

/** Returns the name of an account that a diversion spans. */
export type AccountName = (connectionId: string) => string;

/** The parts of an estate that options come from. */
type Choices = Pick<
  Estate,
  'zones' | 'records' | 'loadBalancers' | 'listeners' | 'rules' | 'functions' | 'instances' | 'certificates'
>;

/** Returns the options of a field, in the order of the estate. */
export function listOptions(
  estate: Choices,
  of: OptionsOf,
  accountName: AccountName,
): readonly FieldOption[] {
  return listRouteOptions(estate, of, accountName).map(({ problem, ...option }) =>
    problem === undefined ? option : { ...option, reason: reasons.ineligible[problem] },
  );
}

function listRouteOptions(estate: Choices, of: OptionsOf, accountName: AccountName): readonly RouteOption[] {
  const { word } = texts.created;
  switch (of.kind) {
    case 'domain':
      return domainOptions(estate);
    case 'loadBalancer':
      return loadBalancerOptions(estate, of.to, word, accountName);
    case 'listener':
      return listenerOptions(estate, of, word);
    case 'rule':
      return ruleOptions(estate, of);
    case 'function': {
      const balancer = findLoadBalancer(estate, of.loadBalancerId);
      return functionOptions(estate, balancer?.region, getOwner(balancer ?? {}));
    }
    case 'instance': {
      const bound = listBoundTargets(estate, of.rule).map(targetName);
      const region = findLoadBalancer(estate, of.loadBalancerId)?.region;
      return instanceOptions(estate, region, bound);
    }
    case 'certificate':
      return certificateOptions(estate, of.domain);
  }
}

/** Returns all options of a field in their order: those that can't serve last, with the reason. */
function orderOptions(options: readonly FieldOption[]): readonly FieldOption[] {
  return options.toSorted((a, b) => Number(a.reason !== undefined) - Number(b.reason !== undefined));
}

/** Returns the first options of a field that match a search. */
export function answerOptions(
  estate: Estate,
  { of, creates, search, limit }: OptionsQuestion,
  accountName: AccountName,
): OptionsAnswer {
  const options = listOptions(anticipatedEstate(estate, { creates }), of, accountName);
  const matching = options.filter(({ label, hint, reason = '' }) =>
    hasWords(`${label} ${hint} ${reason}`, search),
  );
  return { options: orderOptions(matching).slice(0, limit), total: matching.length };
}
