import type { FailoverPolicy } from './failover';

/** The default. */
export const defaultFailover: FailoverPolicy = {
  vantages: [{ kind: 'address' }, { kind: 'name', resolver: null }],
  quorum: 2,
  failures: 3,
  of: 5,
  everyS: 5,
  proof: 3,
  holdDownS: 600,
  capacity: [],
};
