import { canonicalState, type ObjectState } from '@/lib/estate/object';
import { targetName } from '@/lib/estate/target';
import type { Made, Word } from './made';

function texts(state: ObjectState): readonly string[] {
  switch (state.kind) {
    case 'recordSet':
      if (state.records.length === 0) return ['no records'];
      return state.records.map(
        ({ type, value, ttlS, weight, enabled }) =>
          `${type} ${value} TTL ${ttlS} weight ${weight ?? 0} ${enabled ? 'ENABLE' : 'DISABLE'}`,
      );
    case 'rule':
      if (!state.exists) return ['no rule'];
      return [
        'rule',
        ...state.targets.map(
          (target) => `target ${targetName(target)}:${target.port} weight ${target.weight}`,
        ),
        ...state.functions.map(
          ({ namespace, name, qualifier, weight }) =>
            `function ${namespace}/${name}:${qualifier} weight ${weight}`,
        ),
      ];
    case 'loadBalancer':
      if (state.count === 0) return ['no load balancer'];
      if (state.count > 1) return [`${state.count} load balancers`];
      return [`load balancer ${state.network} in ${state.vpcId ?? 'no VPC'}`];
    case 'listener':
      if (!state.exists) return ['no listener'];
      return [`listener with ${state.certificateId ?? 'no certificate'}`];
    case 'provisioned':
      return [`${state.instances} instances`];
  }
}

/**
 * Returns a state as the lines that the script produces from what it reads (`readProgram`): two states are equal if
 * these lines are.
 */
export function stateTexts(state: ObjectState, made: Made): readonly Word[] {
  return texts(canonicalState(state)).map((line) => made.words(line));
}
