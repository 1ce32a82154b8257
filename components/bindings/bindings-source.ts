import { bindingsQuery } from '@/lib/client/estate-queries';
import { parseBindingQuery, writeBindingQuery } from '@/lib/estate/bindings/binding-query';

/** The list of the bindings of a connection, with the filter and order of an address. */
export const bindingsSource = { parse: parseBindingQuery, write: writeBindingQuery, read: bindingsQuery };

/** Builds the query for the first page that the address of a page selects. */
export function firstBindingsQuery(connectionId: string, address: URLSearchParams) {
  return bindingsQuery(connectionId, writeBindingQuery(new URLSearchParams(), parseBindingQuery(address)), 0);
}
