import 'server-only';
import { z } from 'zod';
import { findBindings, parseBindingQuery } from '@/lib/estate/bindings/binding-query';
import { bindingsCsv } from '@/lib/estate/bindings/bindings-csv';
import { query } from '@/lib/server/verb';
import { readBindings } from './list-bindings';

/**
 * Exports the bindings that a query selects, as a CSV file in its order.
 * `params` are those of the page's address.
 * @returns null if the connection has never been synced
 */
export const exportBindings = query(
  'binding.export',
  z.object({ connectionId: z.string(), params: z.instanceof(URLSearchParams) }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, params }) => {
    const view = await readBindings(connectionId);
    if (view === null) return null;
    const readAt = view.takenAt.slice(0, 19).replaceAll(/[-:]/g, '');
    return {
      fileName: `bindings-${connectionId.replaceAll(/[^\w.-]/g, '_')}-${readAt}Z.csv`,
      text: bindingsCsv(findBindings(view.bindings, parseBindingQuery(params))),
    };
  },
);
