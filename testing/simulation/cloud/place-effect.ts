import { z } from 'zod';
import type { WriteCall } from '@/lib/estate/call';
import { LoadBalancerId } from '@/lib/estate/ids';
import { unreachable } from '@/lib/invariant';
import type { Refuse } from './refusal';
import { matchesName, type NewId, type Stock, withoutPlace } from './stock';
import { createStockListener, createStockLoadBalancer } from './stock-parts';

const CreateLoadBalancer = z.object({
  LoadBalancerType: z.enum(['OPEN', 'INTERNAL']),
  Forward: z.literal(1),
  LoadBalancerName: z.string(),
  VpcId: z.string(),
  Number: z.literal(1),
  DynamicVip: z.literal(true).optional(),
  SubnetId: z.string().optional(),
});
const DeleteLoadBalancer = z.object({ LoadBalancerIds: z.tuple([z.string()]) });
const CreateListener = z.object({
  LoadBalancerId,
  Ports: z.tuple([z.number()]),
  Protocol: z.enum(['HTTP', 'HTTPS']),
  ListenerNames: z.tuple([z.string()]),
  Certificate: z.object({ SSLMode: z.literal('UNIDIRECTIONAL'), CertId: z.string() }).optional(),
});
const DeleteListener = z.object({ LoadBalancerId, ListenerId: z.string() });

export type PlaceAction = 'CreateLoadBalancer' | 'DeleteLoadBalancer' | 'CreateListener' | 'DeleteListener';

/**
 * Returns the stock after load balancers or listeners were created or deleted, as in the sandbox's services. A new load
 * balancer exists at once, still being created; a name that is taken is replaced by one that the cloud chooses; a
 * deleted object takes all its content with it.
 * @throws Refusal when the cloud would refuse the call
 */
export function placeEffect(stock: Stock, call: WriteCall, newId: NewId, refuse: Refuse): Stock {
  const { params } = call;
  const action = call.action as PlaceAction;
  const requireRunning = (id: string) => {
    const found = stock.loadBalancers.find((lb) => lb.id === id);
    if (found === undefined) throw refuse('InvalidParameter.LBIdNotFound', `no load balancer ${id}`);
    if (found.status !== 'running') throw refuse('FailedOperation.InvalidLBStatus', `${id} is being created`);
    return found;
  };
  switch (action) {
    case 'CreateLoadBalancer': {
      const given = CreateLoadBalancer.parse(params);
      const { LoadBalancerType: network, VpcId: vpcId, SubnetId, DynamicVip } = given;
      if (
        (network === 'INTERNAL') !== (SubnetId !== undefined) ||
        (network === 'OPEN') !== (DynamicVip ?? false)
      )
        throw refuse('InvalidParameterValue', 'a subnet is for internal ones, its own name for public ones');
      const region = call.region ?? '';
      const id = newId();
      const isTaken = matchesName(stock, { region, name: given.LoadBalancerName }).length > 0;
      const name = isTaken ? `lb-cloud${id}` : given.LoadBalancerName;
      const made = createStockLoadBalancer({ name, region, network, vpcId }, id);
      return { ...stock, loadBalancers: [...stock.loadBalancers, made] };
    }
    case 'DeleteLoadBalancer':
      return withoutPlace(stock, requireRunning(DeleteLoadBalancer.parse(params).LoadBalancerIds[0]).id);
    case 'CreateListener': {
      const {
        LoadBalancerId: id,
        Ports,
        Protocol: protocol,
        ListenerNames,
        Certificate,
      } = CreateListener.parse(params);
      const [[port], [name]] = [Ports, ListenerNames];
      requireRunning(id);
      const isUsed = stock.listeners.some((each) => each.loadBalancerId === id && each.port === port);
      if (isUsed) throw refuse('InvalidParameter.PortCheckFailed', `the port ${port} is in use`);
      const certificateId = Certificate?.CertId ?? null;
      const made = createStockListener({ loadBalancerId: id, protocol, port, name, certificateId }, newId());
      return { ...stock, listeners: [...stock.listeners, made] };
    }
    case 'DeleteListener': {
      const { LoadBalancerId: id, ListenerId } = DeleteListener.parse(params);
      requireRunning(id);
      if (!stock.listeners.some((each) => each.id === ListenerId && each.loadBalancerId === id))
        throw refuse('InvalidParameter.ListenerIdNotFound', `no listener ${ListenerId}`);
      return withoutPlace(stock, ListenerId);
    }
    default:
      return unreachable(action);
  }
}
