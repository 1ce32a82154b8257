import { sql } from 'drizzle-orm';
import { text } from 'drizzle-orm/pg-core';

/**
 * Creates the columns of the connections, regions and domains that a row touches (`Footprint`), which the database computes
 * from a column with JSON: the functions begin the baseline migration.
 * @param content the column with a plan, or with a diversion that is its `diversion`
 */
export const footprintColumns = (content: 'plan' | 'draft' | 'diversion') => {
  const column = (name: string) =>
    text(`scope_${name}`)
      .array()
      .notNull()
      .generatedAlwaysAs(sql.raw(`scope_${name}(${content})`));
  return {
    scopeConnections: column('connections'),
    scopeRegions: column('regions'),
    scopeDomains: column('domains'),
  };
};
