import type { WorldAlias } from './scf';

/** The alias that every function has: it names `$LATEST` until someone points it elsewhere. */
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
