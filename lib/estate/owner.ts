import { ConnectionId } from './ids';

/** The account of an object, where an estate or a plan spans several; absent = the estate's or the plan's own. */
export const owner = { connectionId: ConnectionId.exactOptional() };
export type Owned = { readonly connectionId?: ConnectionId };

/** Returns the account of an object, to copy it to objects derived from it. */
export function getOwner({ connectionId }: Owned): Owned {
  return connectionId === undefined ? {} : { connectionId };
}
