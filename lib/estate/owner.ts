import { ConnectionId } from './ids';

/** The account of a thing, where an estate or a plan spans several; absent = the estate's or the plan's own. */
export const owner = { connectionId: ConnectionId.exactOptional() };
export type Owned = { readonly connectionId?: ConnectionId };

/** Whose a thing is, to be handed on to what is made of it. */
export function ownerOf({ connectionId }: Owned): Owned {
  return connectionId === undefined ? {} : { connectionId };
}
