import { z } from 'zod';
import { err, ok, type Result } from '@/lib/result';

const Instant = z.iso.datetime({ offset: true });

/** Reads an instant (ISO) from the parameters of an address; null if it is missing. */
export function instantParam(params: URLSearchParams, name: string): Result<Date | null, string> {
  const text = params.get(name);
  if (text === null) return ok(null);
  const instant = Instant.safeParse(text);
  return instant.success ? ok(new Date(instant.data)) : err(`${name} must be an ISO 8601 instant`);
}
