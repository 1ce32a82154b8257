import { z } from 'zod';
import { DiversionDraft } from '@/lib/diversion/draft';
import { anticipatedEstate } from '@/lib/draft/anticipated-estate';
import type { Draft } from '@/lib/draft/draft';
import { scfBindingSupport } from '@/lib/estate/facts/regions';
import type { Estate } from '@/lib/estate/model';

const text = z.string().max(4000);

/** The question of a dialog that creates something: the places that it offers, or what already has its name. */
const CreatingOf = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('places') }),
  z.object({ kind: z.literal('loadBalancer'), region: text, name: text }),
  z.object({ kind: z.literal('listener'), loadBalancerId: text }),
  z.object({ kind: z.literal('function'), region: text, namespace: text, name: text }),
]);
export type CreatingOf = z.infer<typeof CreatingOf>;

export const CreatingQuestion = z.object({
  of: CreatingOf,
  /** The resources that the draft creates. */
  creates: DiversionDraft.shape.creates,
});
export type CreatingQuestion = { readonly of: CreatingOf } & Pick<Draft, 'creates'>;

/** The part of an estate that a dialog needs which creates something: only what it has asked for. */
export type CreatingSlice = Pick<
  Estate,
  | 'regions'
  | 'vpcs'
  | 'subnets'
  | 'availabilityZones'
  | 'scfNamespaces'
  | 'loadBalancers'
  | 'listeners'
  | 'functions'
  | 'rules'
> & {
  /** The region to begin with. */
  readonly usualRegion: string;
};

/**
 * Returns the region to begin with: one where functions exist and can be bound, otherwise one where they can be bound.
 */
function firstRegion({ regions, functions }: Pick<Estate, 'regions' | 'functions'>): string {
  const open = regions.filter((region) => scfBindingSupport(region) === 'supported');
  return open.find((region) => functions.some((fn) => fn.region === region)) ?? open[0] ?? regions[0] ?? '';
}

/** Returns the part of an estate that a dialog asks for. */
export function sliceForCreating(estate: Estate, { of, creates }: CreatingQuestion): CreatingSlice {
  const whole = anticipatedEstate(estate, { creates });
  const usualRegion = firstRegion(whole);
  const none = { loadBalancers: [], listeners: [], functions: [], rules: [] };
  const { regions, vpcs, subnets, availabilityZones, scfNamespaces } = whole;
  if (of.kind === 'places')
    return { ...none, regions, vpcs, subnets, availabilityZones, scfNamespaces, usualRegion };
  const noPlaces = { regions: [], vpcs: [], subnets: [], availabilityZones: [], scfNamespaces: [] };
  const found = { ...none, ...noPlaces, usualRegion };
  switch (of.kind) {
    case 'loadBalancer': {
      const { region, name } = of;
      const loadBalancers = whole.loadBalancers.filter((lb) => lb.region === region && lb.name === name);
      return { ...found, loadBalancers };
    }
    case 'listener': {
      const { loadBalancerId } = of;
      const listeners = whole.listeners.filter((each) => each.loadBalancerId === loadBalancerId);
      return { ...found, listeners: listeners.map((listener) => ({ ...listener, targets: [] })) };
    }
    case 'function': {
      const { region, namespace, name } = of;
      const isIt = (fn: { readonly namespace: string; readonly name: string }) =>
        fn.namespace === namespace && fn.name === name;
      const functions = whole.functions.filter((fn) => fn.region === region && isIt(fn));
      const rules = functions.length === 0 ? [] : whole.rules.filter((rule) => rule.functions.some(isIt));
      return { ...found, functions, rules };
    }
  }
}
