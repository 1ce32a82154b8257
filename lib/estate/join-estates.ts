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
  | 'igtm'
  | 'regions'
  | 'gaps'
>;

const earlier = (a: string, b: string) => (a < b ? a : b);

/**
 * Returns the parts of another account that are added: a zone that the estate already has is omitted with its records.
 */
function splitParts(estate: Estate, known: readonly DnsZone[], owned: Required<Owned>): Joined {
  const zones = estate.zones.filter(({ name }) => !known.some((zone) => zone.name === name));
  const names = new Set(zones.map(({ name }) => name));
  return {
    ...estate,
    loadBalancers: estate.loadBalancers.map((each) => ({ ...each, ...owned })),
    functions: estate.functions.map((each) => ({ ...each, ...owned })),
    zones: zones.map((each) => ({ ...each, ...owned })),
    records: estate.records.filter(({ zone }) => names.has(zone)),
    igtm: estate.igtm.map((each) => ({ ...each, ...owned })),
  };
}

function add(estate: Estate, other: Estate): Estate {
  const parts = splitParts(other, estate.zones, { connectionId: other.connectionId });
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
    igtm: [...estate.igtm, ...parts.igtm],
    listenerConnections: { ...estate.listenerConnections, ...other.listenerConnections },
    otherAccounts: [...(estate.otherAccounts ?? []), { connectionId, account, clbQuotas, scfAccounts }],
    // A part that one estate could not read is unknown in all: ids don't contain their account.
    gaps: [...estate.gaps, ...parts.gaps],
  };
}

/**
 * Joins the estates of several accounts into one, for a diversion that spans them. Objects that are not of the first
 * estate name their account. Cloud ids are unique across accounts, and function names are looked up by account. A zone
 * that several accounts have belongs to the first one. The result is as old as the oldest estate. Pure.
 */
export function joinEstates(own: Estate, others: readonly Estate[]): Estate {
  return others.reduce(add, own);
}

/** An account of an estate: its limits and the permissions of its key. */
export type AccountOf = Pick<Estate, 'account' | 'clbQuotas' | 'scfAccounts'>;

/** Returns the account that an object of an estate belongs to. */
export function findAccount(estate: Estate, { connectionId }: Owned): AccountOf {
  return estate.otherAccounts?.find((other) => other.connectionId === connectionId) ?? estate;
}
