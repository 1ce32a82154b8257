import type { DnsZone, Estate } from './model';
import type { Owned } from './owner';

type Joined = Pick<
  Estate,
  | 'loadBalancers'
  | 'listeners'
  | 'rules'
  | 'functions'
  | 'instances'
  | 'zones'
  | 'records'
  | 'certificates'
  | 'customConfigs'
  | 'dnsLines'
  | 'regions'
  | 'gaps'
>;

const earlier = (a: string, b: string) => (a < b ? a : b);

/** What of another account comes in: a zone of which the estate has one already is left out with its records. */
function partsOf(estate: Estate, known: readonly DnsZone[], owned: Required<Owned>): Joined {
  const zones = estate.zones.filter(({ name }) => !known.some((zone) => zone.name === name));
  const names = new Set(zones.map(({ name }) => name));
  return {
    ...estate,
    loadBalancers: estate.loadBalancers.map((each) => ({ ...each, ...owned })),
    functions: estate.functions.map((each) => ({ ...each, ...owned })),
    zones: zones.map((each) => ({ ...each, ...owned })),
    records: estate.records.filter(({ zone }) => names.has(zone)),
  };
}

function add(estate: Estate, other: Estate): Estate {
  const parts = partsOf(other, estate.zones, { connectionId: other.connectionId });
  const grades = new Set(estate.dnsLines.map(({ grade }) => grade));
  const { connectionId, account, clbQuotas, scfAccounts } = other;
  return {
    ...estate,
    takenAt: earlier(estate.takenAt, other.takenAt),
    partsAt: null,
    regions: [...new Set([...estate.regions, ...parts.regions])],
    loadBalancers: [...estate.loadBalancers, ...parts.loadBalancers],
    listeners: [...estate.listeners, ...parts.listeners],
    rules: [...estate.rules, ...parts.rules],
    functions: [...estate.functions, ...parts.functions],
    instances: [...estate.instances, ...parts.instances],
    zones: [...estate.zones, ...parts.zones],
    records: [...estate.records, ...parts.records],
    certificates: [...estate.certificates, ...parts.certificates],
    customConfigs: [...estate.customConfigs, ...parts.customConfigs],
    dnsLines: [...estate.dnsLines, ...parts.dnsLines.filter(({ grade }) => !grades.has(grade))],
    otherAccounts: [...(estate.otherAccounts ?? []), { connectionId, account, clbQuotas, scfAccounts }],
    // A part that one of them could not read is not known of any: ids say nothing of their account.
    gaps: [...estate.gaps, ...parts.gaps],
  };
}

/**
 * Estates of several accounts as one, for a diversion that spans them: what is not of the first one says whose it is. Ids
 * of the cloud are unique over accounts, and names of functions are looked up by account. A zone that several have is the
 * first one's. As old as the oldest of them. Pure.
 */
export function joinEstates(own: Estate, others: readonly Estate[]): Estate {
  return others.reduce(add, own);
}

/** An account of an estate: what bounds it and what its key may do. */
export type AccountOf = Pick<Estate, 'account' | 'clbQuotas' | 'scfAccounts'>;

/** The account that a thing of an estate belongs to. */
export function accountOf(estate: Estate, { connectionId }: Owned): AccountOf {
  return estate.otherAccounts?.find((other) => other.connectionId === connectionId) ?? estate;
}
