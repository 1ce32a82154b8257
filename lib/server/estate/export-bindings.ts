import 'server-only';
import { z } from 'zod';
import { bindingsCsv } from '@/lib/estate/bindings/bindings-csv';
import { query } from '@/lib/server/verb';
import { BindingAddress, readBindings } from './list-bindings';

/**
 * Exports the bindings that a query selects, as a CSV file in its order. `params` are those of the page's address.
 * @returns null before the connection's first sync
 */
export const exportBindings = query(
  'binding.export',
  z.object({ connectionId: z.string(), query: BindingAddress }),
  ({ connectionId }) => ({ connections: [connectionId] }),
  async ({ connectionId, query: asked }, actor) => {
    const read = await readBindings(connectionId, asked, actor, null);
    if (read === null) return null;
    const readAt = read.estate.takenAt.slice(0, 19).replaceAll(/[-:]/g, '');
    return {
      fileName: `bindings-${connectionId.replaceAll(/[^\w.-]/g, '_')}-${readAt}Z.csv`,
      text: bindingsCsv(read.rows),
    };
  },
);
