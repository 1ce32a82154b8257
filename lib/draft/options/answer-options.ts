import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import { findCertificateProblem, findFunctionProblem } from '@/lib/draft/find-ineligible';
import { optionKey, publishedFirst } from '@/lib/draft/function-key';
import { listBoundTargets } from '@/lib/draft/rule-draft';
import { findLoadBalancer } from '@/lib/estate/look-up';
import type { Estate, ScfFunction } from '@/lib/estate/model';
import { getOwner, type Owned } from '@/lib/estate/owner';
import { targetName } from '@/lib/estate/target';
import { hasWords } from '@/lib/has-words';
import texts from '@/lib/messages/en/diversion.json';
import reasons from '@/lib/messages/en/diversion-ineligible.json';
import type { OptionsOf, OptionsQuestion } from './options-question';
import {
  domainOptions,
  instanceOptions,
  listenerOptions,
  loadBalancerOptions,
  markOption,
  type RouteOption,
  ruleOptions,
} from './route-options';

/**
 * Returns each function with a version or an alias as one choice. Functions of `region` come first; the others stay in
 * the list, because choosing one shows the rule that forbids it. Functions of accounts other than the load balancer's
 * are left out, because none could be bound.
 */
export function functionOptions(
  estate: Pick<Estate, 'functions'>,
  region: string | undefined,
  owned: Owned = {},
): readonly RouteOption[] {
  const rank = (fn: ScfFunction) => (fn.region === region ? 0 : 1);
  return estate.functions
    .filter(({ connectionId }) => connectionId === owned.connectionId)
    .sort((a, b) => rank(a) - rank(b) || a.region.localeCompare(b.region) || a.name.localeCompare(b.name))
    .flatMap((fn) => {
      const option = (qualifier: string, label: string): RouteOption => ({
        value: optionKey({ ...fn, qualifier }),
        label: `${fn.namespace}/${fn.name}:${label}`,
        hint: `${fn.type}, ${fn.memoryMb} MB, ${fn.region}`,
      });
      const [published, latest] = publishedFirst(fn.versions);
      const aliases = (fn.aliases ?? []).map(({ name, version }) => ({
        ...option(name, `${name} → ${version}`),
        isOfLatest: version === '$LATEST',
      }));
      return [
        ...published.map((version) => option(version, version)),
        ...aliases.filter(({ isOfLatest }) => !isOfLatest),
        ...latest.map((version) => option(version, version)),
        ...aliases.filter(({ isOfLatest }) => isOfLatest),
      ].map(({ value, label, hint }) => markOption({ value, label, hint }, findFunctionProblem(fn, region)));
    });
}

/**
 * Returns the server certificates with the domains that they cover, those that can't be presented for a domain with the
 * reason.
 */
export function certificateOptions(
  { certificates }: Pick<Estate, 'certificates'>,
  domain: string,
): readonly RouteOption[] {
  return certificates
    .filter(({ kind }) => kind !== 'CA')
    .toSorted((a, b) => a.id.localeCompare(b.id))
    .map(({ id, domains, status, notAfter }) => {
      const option = { value: id, label: id, hint: domains.join(', '), until: notAfter };
      return markOption(option, findCertificateProblem({ domains, status }, domain));
    });
}

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
