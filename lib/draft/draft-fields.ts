import type { DiversionField } from '@/lib/diversion/diversion';
import type { RouteChoice, RouteField } from '@/lib/diversion/route';
import type { Draft, DraftSide, EditorField, RouteDraft, RuleDraft } from './draft';

const choices: Readonly<Record<DraftSide, readonly RouteChoice[]>> = {
  cvm: ['domain', 'loadBalancerId', 'listenerId', 'rule', 'addTargets'],
  function: ['domain', 'loadBalancerId', 'listenerId', 'rule', 'function', 'provisioned', 'expectedBody'],
};

/** Fields that may stay empty. */
const optional: readonly string[] = [
  'addTargets',
  'provisioned',
  'lowerTtlS',
  'expectedPeakRps',
  'prewarmS',
  'waves',
];

/** Returns whether a field belongs to the diversion as a whole. */
export function isPlain(field: string): field is Exclude<EditorField, RouteField> {
  return ['name', 'lowerTtlS', 'expectedPeakRps', 'prewarmS', 'ramp', 'waves'].includes(field);
}

/** Returns the route index and the choice that a field path names. */
export function parseRouteField(
  field: string,
): { readonly index: number; readonly choice: RouteChoice } | null {
  const found = /^routes\.(\d+)\.(\w+)$/.exec(field);
  const [, index, choice] = found ?? [];
  return index === undefined ? null : { index: Number(index), choice: choice as RouteChoice };
}

/** Parses the name of a field as an address has it; null = no field has it. */
export function parseField(text: string): DiversionField | null {
  if (isPlain(text)) return text;
  const ofRoute = parseRouteField(text);
  if (ofRoute !== null) return `routes.${ofRoute.index}.${ofRoute.choice}`;
  return text.startsWith('creates.') ? `creates.${text.slice('creates.'.length)}` : null;
}

/** Returns the fields in the order in which they are filled in: side by side, each route from top to bottom. */
export function fieldOrder({ kind, routes }: Pick<Draft, 'kind' | 'routes'>): readonly EditorField[] {
  const ofRoutes = (to: DraftSide) =>
    routes.flatMap((route, index) =>
      route.to === to ? choices[to].map((choice): EditorField => `routes.${index}.${choice}`) : [],
    );
  return [
    'name',
    ...(kind === 'switch' ? (['waves'] as const) : []),
    ...ofRoutes('cvm'),
    ...ofRoutes('function'),
    'lowerTtlS',
    'expectedPeakRps',
    'prewarmS',
    ...(kind === 'switch' ? (['ramp'] as const) : []),
  ];
}

/**
 * Returns the route whose control sets a choice of another route: those of a name on one side share its load balancer, in
 * a Switch all routes share a domain.
 */
function findOwner({ kind, routes }: Draft, index: number, choice: RouteChoice): number {
  const own = routes[index];
  if (own === undefined || (choice !== 'domain' && choice !== 'loadBalancerId')) return index;
  if (kind === 'switch') return choice === 'domain' ? 0 : routes.findIndex(({ to }) => to === own.to);
  if (own.domain === '') return index;
  return routes.findIndex(({ to, domain }) => to === own.to && domain === own.domain);
}

/** Returns whether a route of the diversion belongs to another name than the first: it has no controls of its own. */
function isOfFurtherName({ kind, waves, routes }: Draft, { index }: { readonly index: number }): boolean {
  return kind === 'switch' && waves.length > 0 && index >= routes.length;
}

/**
 * Returns the control at which a message about a diversion field is shown. A message about the whole account is shown
 * at the choice it affects, where a function will be bound; a message about a created resource is shown where that
 * resource is chosen.
 */
export function shownAt(draft: Draft, field: DiversionField | null): EditorField {
  const { routes, creates } = draft;
  const place = (index: number, choice: RouteChoice): EditorField =>
    `routes.${findOwner(draft, Math.max(0, index), choice)}.${choice}`;
  const firstFunction = routes.findIndex(({ to }) => to === 'function');
  if (field === null || field === 'routes') return place(firstFunction, 'loadBalancerId');
  if (isPlain(field)) return field;
  const ofRoute = parseRouteField(field);
  if (ofRoute !== null)
    return isOfFurtherName(draft, ofRoute) ? 'waves' : place(ofRoute.index, ofRoute.choice);
  const [, list, nth] = field.split('.');
  const isListener = list === 'listeners';
  const made = isListener ? creates.listeners[Number(nth)] : creates.loadBalancers[Number(nth)];
  const choice = isListener ? 'listenerId' : 'loadBalancerId';
  return place(
    routes.findIndex((route) => route[choice] === made?.id),
    choice,
  );
}

function isChosen(route: RouteDraft, choice: RouteChoice): boolean {
  switch (choice) {
    case 'domain':
      return route.domain.trim() !== '';
    case 'loadBalancerId':
      return route.loadBalancerId !== '';
    case 'listenerId':
      return route.listenerId !== '';
    case 'rule':
      return route.listenerId !== '' && hasRule(route.rule);
    case 'addTargets':
      return route.listenerId !== '';
    case 'function':
      return route.to === 'function' && route.function.name !== '';
    case 'expectedBody':
      return route.to === 'function' && route.expectedBody !== '';
    case 'provisioned':
      return route.to === 'function' && route.provisioned !== null;
  }
}

function hasRule(rule: RuleDraft): boolean {
  return rule.kind === 'new' ? rule.url.trim() !== '' : rule.ruleId !== '';
}

/** Returns whether a field holds something to check. */
export function isFilled(draft: Draft, field: EditorField): boolean {
  if (field === 'name') return draft.name.trim() !== '';
  if (field === 'lowerTtlS' || field === 'expectedPeakRps' || field === 'prewarmS')
    return draft[field] !== null;
  if (field === 'ramp') return true;
  if (field === 'waves') return draft.waves.length > 0;
  const ofRoute = parseRouteField(field);
  const route = ofRoute === null ? undefined : draft.routes[ofRoute.index];
  return route !== undefined && ofRoute !== null && isChosen(route, ofRoute.choice);
}

/** Returns the fields that still need a choice, in order. */
export function missingFields(draft: Draft): readonly EditorField[] {
  const missing = fieldOrder(draft).filter((field) => {
    const choice = parseRouteField(field)?.choice ?? field;
    return !isFilled(draft, field) && !optional.includes(choice);
  });
  return [...new Set(missing.map((field) => shownAt(draft, field)))];
}
