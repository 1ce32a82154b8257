import type { ConnectionId } from './ids';
export type Owned = { readonly connectionId?: ConnectionId };

/** Returns the account of an object, to copy it to objects derived from it. */
export function getOwner({ connectionId }: Owned): Owned {
  return connectionId === undefined ? {} : { connectionId };
}
