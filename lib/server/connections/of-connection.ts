import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import type { Result } from '@/lib/result';
import { findConnection } from '@/lib/store/connections/read-connections';
import { refuse } from '@/lib/store/refusal';

/** The connection of an input: the input itself, or one of its fields. */
const ConnectionInput = z.union([
  z.string(),
  z.object({ connectionId: z.string() }).transform(({ connectionId }) => connectionId),
]);

/**
 * Makes a query of a connection refuse one that was removed: its stored data stays, and has no pages. An input without a
 * connection is left to the query, which refuses it.
 */
export function ofConnection<Input, Answer>(read: (input: Input) => Promise<Answer>) {
  return async (input: Input): Promise<Answer | Result<never, ActionError>> => {
    const id = ConnectionInput.safeParse(input).data;
    if (id !== undefined && (await findConnection(id)) === null) return refuse('connection.gone', { id });
    return read(input);
  };
}
