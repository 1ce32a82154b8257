import { findFunction, getRecordSetState, getRuleState, ruleAt } from './look-up';
import type { Estate } from './model';
import { noListener, noLoadBalancer, type ObjectRef, type ObjectState } from './object';

/** Returns the state of any object in a snapshot. An unread object seems absent: check the gaps. */
export function stateAt(estate: Estate, ref: ObjectRef): ObjectState {
  switch (ref.kind) {
    case 'rule':
      return getRuleState(ruleAt(estate, ref));
    case 'recordSet':
      return getRecordSetState(estate, ref);
    case 'loadBalancer': {
      const same = estate.loadBalancers.filter(
        (lb) => lb.connectionId === ref.connectionId && lb.region === ref.region && lb.name === ref.name,
      );
      const [only] = same;
      if (only === undefined) return noLoadBalancer;
      const isOne = same.length === 1;
      const { network, vpcId } = only;
      return {
        kind: 'loadBalancer',
        count: same.length,
        network: isOne ? network : null,
        vpcId: isOne ? vpcId : null,
      };
    }
    case 'listener': {
      const found = estate.listeners.find(
        (l) => l.loadBalancerId === ref.loadBalancerId && l.port === ref.port && l.protocol === ref.protocol,
      );
      return found === undefined
        ? noListener
        : { kind: 'listener', exists: true, certificateId: found.certificateId };
    }
    case 'provisioned': {
      const settings = findFunction(estate, ref)?.provisioned ?? [];
      const own = settings.find(({ qualifier }) => qualifier === ref.qualifier);
      return { kind: 'provisioned', instances: own?.allocated ?? 0 };
    }
  }
}
