import type { WorldAlias } from './scf';

/** Returns the alias that every function has: it names `$LATEST` until it is changed. */
export function defaultAlias(createdAt: number): WorldAlias {
  return {
    name: '$DEFAULT',
    description: 'default alias',
    version: '$LATEST',
    extra: null,
    match: null,
    createdAt,
    modifiedAt: createdAt,
  };
}
