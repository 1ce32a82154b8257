import { z } from 'zod';
import { err, ok, type Result } from '@/lib/result';

const Instant = z.iso.datetime({ offset: true });

/** An instant (ISO) among the parameters of an address; null where it is not among them. */
export function instantParam(params: URLSearchParams, name: string): Result<Date | null, string> {
  const text = params.get(name);
  if (text === null) return ok(null);
  const instant = Instant.safeParse(text);
  return instant.success ? ok(new Date(instant.data)) : err(`${name} must be an ISO 8601 instant`);
}
