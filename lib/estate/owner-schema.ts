import { ConnectionId } from './ids';

/** The account of an object, where an estate or a plan spans several; absent = the estate's or the plan's own. */
export const owner = { connectionId: ConnectionId.exactOptional() };
