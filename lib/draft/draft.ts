import type { z } from 'zod';
import type { Acknowledgement } from '@/lib/diversion/acknowledgement';
import type { NewListener, NewLoadBalancer } from '@/lib/diversion/creates';
import type { Diversion } from '@/lib/diversion/diversion';
import type { FunctionChoice, Route, RouteField } from '@/lib/diversion/route';
import type { RampStep, SwitchSide } from '@/lib/diversion/switch';
import type { TargetKey } from '@/lib/estate/target';

/**
 * A diversion of any kind while it is being edited: the same shape, with empty text where nothing has been chosen yet.
 */
export type Draft = {
  readonly kind: Kind;
  readonly name: string;
  readonly creates: {
    readonly loadBalancers: readonly z.input<typeof NewLoadBalancer>[];
    readonly listeners: readonly z.input<typeof NewListener>[];
  };
  /** null = TTLs stay as they are; NaN = the input is not a number. */
  readonly lowerTtlS: number | null;
  /** null = not stated; NaN = the input is not a number. */
  readonly expectedPeakRps: number | null;
  /** null = not stated; NaN = the input is not a number. */
  readonly prewarmS: number | null;
  /** Accepted known losses. */
  readonly acknowledged: readonly Acknowledgement[];
  /** Of a Switch of several names, those of the first one. */
  readonly routes: readonly RouteDraft[];
  /** The routes of those further names of a Switch that are not made like those of the first one. */
  readonly ownRoutes: readonly RouteDraft[];
  /** These three apply only to a Switch. Several names move in these waves; empty = one domain. */
  readonly waves: readonly WaveDraft[];
  readonly toward: SwitchSide;
  readonly ramp: readonly RampStep[];
};

/** A wave while it is edited. NaN = the bake is not a number. */
export type WaveDraft = { readonly names: readonly string[]; readonly bakeS: number };

export type Kind = Diversion['kind'];
export type DraftSide = Route['to'];

/** Fields common to all routes. */
export type DraftPlace = {
  /** Identifies the route in the page while others are added and removed. */
  readonly key: string;
  readonly domain: string;
  readonly loadBalancerId: string;
  readonly listenerId: string;
};

export type RuleDraft =
  | { readonly kind: 'existing' | 'swap'; readonly ruleId: string }
  | { readonly kind: 'new'; readonly url: string; readonly certificateId: string | null };

export type TargetDraft = TargetKey & { readonly weight: number };

export type CvmRouteDraft = DraftPlace & {
  readonly to: 'cvm';
  readonly rule: RuleDraft;
  readonly addTargets: readonly TargetDraft[];
};
export type FunctionRouteDraft = DraftPlace & {
  readonly to: 'function';
  readonly rule: RuleDraft;
  readonly function: FunctionChoice;
  readonly expectedBody: string;
  readonly provisioned: number | null;
};
export type RouteDraft = CvmRouteDraft | FunctionRouteDraft;

/** The fields that have a control in the page. */
export type EditorField =
  | 'name'
  | 'lowerTtlS'
  | 'expectedPeakRps'
  | 'prewarmS'
  | 'ramp'
  | 'waves'
  | RouteField;

export const noFunction: FunctionChoice = { region: '', namespace: '', name: '', qualifier: '' };

/** The sides on which a diversion of each kind has routes, left one first. */
export const sidesOf: Readonly<Record<Kind, readonly DraftSide[]>> = {
  split: ['cvm', 'function'],
  access: ['function'],
  switch: ['cvm', 'function'],
};

export function emptyRoute(to: 'cvm', key: string): CvmRouteDraft;
export function emptyRoute(to: 'function', key: string): FunctionRouteDraft;
export function emptyRoute(to: DraftSide, key: string): RouteDraft;
export function emptyRoute(to: DraftSide, key: string): RouteDraft {
  const place: DraftPlace & { rule: RuleDraft } = {
    key,
    domain: '',
    loadBalancerId: '',
    listenerId: '',
    rule: { kind: 'new', url: '/', certificateId: null },
  };
  return to === 'cvm'
    ? { to, ...place, addTargets: [] }
    : { to, ...place, function: noFunction, expectedBody: '', provisioned: null };
}

/** Returns a draft in which only the name is set. */
export function emptyDraft(kind: Kind, name: string): Draft {
  return {
    kind,
    name,
    lowerTtlS: null,
    expectedPeakRps: null,
    prewarmS: null,
    waves: [],
    ownRoutes: [],
    toward: 'function',
    creates: { loadBalancers: [], listeners: [] },
    acknowledged: [],
    routes: sidesOf[kind].map((to) => emptyRoute(to, to)),
    ramp: [{ percent: 100, bakeS: 0 }],
  };
}

/** Returns a key that no route of a draft has. */
export function freeKey({ routes }: Pick<Draft, 'routes'>): string {
  const keys = new Set(routes.map(({ key }) => key));
  let number = routes.length + 1;
  while (keys.has(`route${number}`)) number += 1;
  return `route${number}`;
}
