import { z } from 'zod';
import type { WriteCall } from '@/lib/estate/call';
import { ListenerRef, LoadBalancerRef, type ObjectRef, RecordSetRef, RuleRef } from '@/lib/estate/object';
import { toProvisionedRef } from './provisioned-effect';
import type { Stock } from './stock';

const Named = z.object({
  LoadBalancerName: z.string().optional(),
  LoadBalancerId: z.string().optional(),
  LoadBalancerIds: z.array(z.string()).optional(),
  ListenerId: z.string().optional(),
  Protocol: z.string().optional(),
  Ports: z.array(z.number()).optional(),
  LocationId: z.string().optional(),
  LocationIds: z.array(z.string()).optional(),
  Rules: z.array(z.object({ Domain: z.string(), Url: z.string() })).optional(),
  Domain: z.string().optional(),
  SubDomain: z.string().optional(),
  RecordId: z.number().optional(),
  RecordLine: z.string().optional(),
  RecordLineId: z.string().optional(),
});
type Named = z.infer<typeof Named>;

function ruleRef(stock: Stock, named: Named, region: string | null): ObjectRef | null {
  const locationId = named.LocationId ?? named.LocationIds?.[0];
  const rule = stock.rules.find(({ id }) => id === locationId);
  const place = rule ?? { domain: named.Rules?.[0]?.Domain, url: named.Rules?.[0]?.Url };
  const { LoadBalancerId: loadBalancerId, ListenerId: listenerId } = named;
  const { domain, url } = place;
  return RuleRef.safeParse({ kind: 'rule', region, loadBalancerId, listenerId, domain, url }).data ?? null;
}

function recordSetRef(stock: Stock, named: Named): ObjectRef | null {
  const record = stock.records.find(({ id }) => id === named.RecordId);
  const { Domain: zone, SubDomain: subdomain, RecordLine: line, RecordLineId: lineId } = named;
  const place = record ?? { zone, subdomain, line, lineId };
  return RecordSetRef.safeParse({ kind: 'recordSet', ...place }).data ?? null;
}

function loadBalancerRef(stock: Stock, named: Named, region: string | null): ObjectRef | null {
  const made = stock.loadBalancers.find(({ id }) => id === named.LoadBalancerIds?.[0]);
  const name = made?.name ?? named.LoadBalancerName;
  return LoadBalancerRef.safeParse({ kind: 'loadBalancer', region, name }).data ?? null;
}

function listenerRef(stock: Stock, named: Named, region: string | null): ObjectRef | null {
  const made = stock.listeners.find(({ id }) => id === named.ListenerId);
  const place = made ?? { protocol: named.Protocol, port: named.Ports?.[0] };
  const { LoadBalancerId: loadBalancerId } = named;
  return ListenerRef.safeParse({ kind: 'listener', region, loadBalancerId, ...place }).data ?? null;
}

/** Returns the object of a write; null when its ids name nothing that exists. */
export function findCallObject(stock: Stock, call: WriteCall): ObjectRef | null {
  const { service, region, action } = call;
  if (service === 'scf') return { kind: 'provisioned', ...toProvisionedRef(call) };
  const named = Named.parse(call.params);
  if (service === 'dnspod') return recordSetRef(stock, named);
  if (action.endsWith('LoadBalancer')) return loadBalancerRef(stock, named, region);
  return action.endsWith('Listener') ? listenerRef(stock, named, region) : ruleRef(stock, named, region);
}
