import { FreezeSpan } from './freeze';
import type { Freeze } from './freeze-times';

/** A change freeze as it is stored. */
export type StoredFreeze = Freeze & {
  readonly id: number;
  /** True if its times are invalid, as after a manual change: it then covers all time until someone removes it. */
  readonly isUnread?: true;
};

/** All time that a schedule can name. */
const always: FreezeSpan = {
  kind: 'once',
  from: '2000-01-01T00:00:00.000Z',
  to: '2999-12-31T00:00:00.000Z',
};

/** Reads a stored freeze. One with invalid times is not skipped: when it was meant to prevent changes is unknown. */
export function readStoredFreeze({
  id,
  name: stored,
  span,
}: {
  readonly id: number;
  readonly name: string;
  readonly span: unknown;
}): StoredFreeze {
  const name = stored.trim() === '' ? `#${id}` : stored;
  const read = FreezeSpan.safeParse(span);
  return read.success ? { id, name, span: read.data } : { id, name, span: always, isUnread: true };
}
