import type { ActionError, Answer } from '@/lib/contract/answer';
import { err, ok } from '@/lib/result';
import { noteBuild } from './other-build';

/**
 * Sends JSON to one of our own handlers that changes something.
 * @throws if no response arrived, or none in the handlers' form: it may or may not have been done
 */
export async function sendJson<T>(method: 'POST' | 'PUT', path: string, body: Blob | string): Answer<T> {
  const response = await fetch(path, { method, headers: { 'Content-Type': 'application/json' }, body });
  noteBuild(response);
  const isBusy = response.status === 503 && response.headers.has('Retry-After');
  const isRefusal = isBusy || (response.status >= 400 && response.status < 500);
  if (!response.ok && !isRefusal) throw new Error(`${path} answered ${response.status}`);
  const answer: unknown = await response.json();
  return response.ok ? ok(answer as T) : err(answer as ActionError);
}
