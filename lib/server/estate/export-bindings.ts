import 'server-only';
import { findBindings, parseBindingQuery } from '@/lib/estate/bindings/binding-query';
import { bindingsCsv } from '@/lib/estate/bindings/bindings-csv';
import { listBindings } from './list-bindings';

/**
 * Exports the bindings that a query selects, as a CSV file in its order.
 * @param params as in the address of the page
 * @returns null if the connection has never been synced
 */
export async function exportBindings(
  connectionId: string,
  params: URLSearchParams,
): Promise<{ readonly fileName: string; readonly text: string } | null> {
  const view = await listBindings(connectionId);
  if (view === null) return null;
  const readAt = view.takenAt.slice(0, 19).replaceAll(/[-:]/g, '');
  return {
    fileName: `bindings-${connectionId.replaceAll(/[^\w.-]/g, '_')}-${readAt}Z.csv`,
    text: bindingsCsv(findBindings(view.bindings, parseBindingQuery(params))),
  };
}
