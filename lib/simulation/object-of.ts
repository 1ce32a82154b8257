import { z } from 'zod';
import type { WriteCall } from '@/lib/estate/call';
import type { ObjectRef } from '@/lib/estate/object';
import { RecordSetRef, RuleRef } from '@/lib/estate/object';
import type { Stock } from './stock';

const Named = z.object({
  LoadBalancerId: z.string().optional(),
  ListenerId: z.string().optional(),
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

/** The object that a write is about; null when its ids name nothing that is there. */
export function objectOf(stock: Stock, { service, region, params }: WriteCall): ObjectRef | null {
  const named = Named.parse(params);
  return service === 'clb' ? ruleRef(stock, named, region) : recordSetRef(stock, named);
}
