import { createHash } from 'node:crypto';
import type { WorldFunction } from '../../world/scf';

/** Returns the `lam-…` id: derived from the function's name, which is unique in its namespace and region. */
export function functionId(fn: Pick<WorldFunction, 'region' | 'namespace' | 'name'>): string {
  const digest = createHash('sha256').update(`${fn.region}/${fn.namespace}/${fn.name}`).digest('hex');
  return `lam-${digest.slice(0, 8)}`;
}
