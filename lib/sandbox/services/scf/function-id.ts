import { createHash } from 'node:crypto';
import type { WorldFunction } from '../../world/scf';

/** `lam-…`: derived from the function's name, which nothing else has at its place. */
export function functionId(fn: Pick<WorldFunction, 'region' | 'namespace' | 'name'>): string {
  const digest = createHash('sha256').update(`${fn.region}/${fn.namespace}/${fn.name}`).digest('hex');
  return `lam-${digest.slice(0, 8)}`;
}
