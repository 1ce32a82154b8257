import type { Diversion } from '@/lib/diversion/diversion';
import { listDomains } from '@/lib/diversion/routes';
import type { MeasuredRoute } from '@/lib/estate/measure';
import type { ObjectRef } from '@/lib/estate/object';
import { measuredRoutes } from '@/lib/plan/model/measured-routes';
import type { Plan, WriteStep } from '@/lib/plan/model/model';
import type { ApprovalFacts, ApprovalTarget } from './approval-rules';
import type { ConnectionKind } from './connection-kinds';

type Given = {
  readonly kind: ConnectionKind;
  /** Those of its preflight. */
  readonly findings: readonly { readonly status: string }[];
  readonly authors: readonly string[];
};

/** Returns the highest share of a name's traffic that a diversion moves, in %: Access and Split move names whole. */
function findShare(diversion: Diversion): number {
  return diversion.kind === 'switch' ? Math.max(...diversion.ramp.map(({ percent }) => percent)) : 100;
}

/** Returns the places of an object that is not in a region by itself: a record is where its name's rules are. */
function listPlaces(
  object: ObjectRef,
  regionsOf: (domain: string) => readonly string[],
): readonly Pick<ApprovalTarget, 'region' | 'domain'>[] {
  switch (object.kind) {
    case 'rule':
      return [{ region: object.region, domain: object.domain }];
    case 'recordSet': {
      const domain = object.subdomain === '@' ? object.zone : `${object.subdomain}.${object.zone}`;
      const regions = regionsOf(domain);
      return regions.length === 0
        ? [{ region: null, domain }]
        : regions.map((region) => ({ region, domain }));
    }
    case 'loadBalancer':
    case 'listener':
    case 'provisioned':
      return [{ region: object.region, domain: null }];
  }
}

/**
 * Returns the facts of a plan that approval rules decide by. Load balancers, listeners and instances that it creates
 * belong to all domains of its diversion.
 */
export function listApprovalFacts(plan: Plan, { kind, findings, authors }: Given): ApprovalFacts {
  const writes = plan.steps.filter((step): step is WriteStep => step.kind === 'write');
  const rules: readonly Pick<MeasuredRoute, 'region' | 'domain'>[] = [
    ...measuredRoutes(plan),
    ...writes.flatMap(({ object }) => (object.kind === 'rule' ? [object] : [])),
  ];
  const regionsOf = (domain: string) => [
    ...new Set(rules.filter((rule) => rule.domain === domain).map(({ region }) => region)),
  ];
  const domains = listDomains(plan.diversion.routes);
  const targets = new Map<string, ApprovalTarget>();
  for (const { object } of writes) {
    const connectionId = object.connectionId ?? plan.connectionId;
    for (const place of listPlaces(object, regionsOf))
      for (const domain of place.domain === null && domains.length > 0 ? domains : [place.domain]) {
        const target = { kind, connectionId, region: place.region, domain };
        targets.set(Object.values(target).join(' '), target);
      }
  }
  return {
    targets: [...targets.values()],
    writes: writes.length,
    dnsWrites: writes.filter(({ object }) => object.kind === 'recordSet').length,
    routes: plan.diversion.routes.length,
    sharePercent: findShare(plan.diversion),
    // Acknowledged blocks and what is unknown are no pass either.
    warnings: findings.filter(({ status }) => status !== 'pass').length,
    authors: [...new Set(authors)].toSorted(),
  };
}
