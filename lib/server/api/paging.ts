import 'server-only';
import { z } from 'zod';
import type { ActionError } from '@/lib/contract/answer';
import { ok, type Result } from '@/lib/result';
import { refuseFields } from '@/lib/store/refusal';
import type { JsonSchema } from './input-schema';
import type { ListForm } from './operations/operation';

/** The most entries of a page, and those of one without a `limit`. */
const pageMax = 200;
const pageDefault = 50;

/** The query parameters of lists. */
export const pageParameters: Readonly<Record<string, JsonSchema>> = {
  limit: { type: 'integer', minimum: 1, maximum: pageMax, default: pageDefault },
  cursor: { type: 'string', description: '`nextCursor` of the page before' },
};

/** The wanted page: the entries after a position, which only the server that wrote it reads. */
export type ListPage = { readonly limit: number; readonly after: string | null };

const writeCursor = (after: string) => Buffer.from(after).toString('base64url');

/** Reads the wanted page of a list. */
export function readPage(query: URLSearchParams): Result<ListPage, ActionError> {
  const limit = Number(query.get('limit') ?? pageDefault);
  if (!Number.isInteger(limit) || limit < 1 || limit > pageMax)
    return refuseFields({ limit: ['request.limit'] });
  const cursor = query.get('cursor');
  return ok({ limit, after: cursor === null ? null : Buffer.from(cursor, 'base64url').toString() });
}

/** Returns the query parameters of a list that counts rows, for a page. */
export function toRowQuery(query: URLSearchParams, { limit, after }: ListPage): URLSearchParams {
  const rows = new URLSearchParams(query);
  rows.delete('cursor');
  rows.set('limit', String(limit));
  rows.set('offset', String(Number(after ?? 0)));
  return rows;
}

type Rows = { readonly rows: readonly unknown[]; readonly found: number };

const hasRows = (value: unknown): value is Rows =>
  typeof value === 'object' &&
  value !== null &&
  'rows' in value &&
  'found' in value &&
  Array.isArray(value.rows);

const KeysetAnswer = z.object({ items: z.array(z.unknown()), next: z.string().nullable() });

/** Writes one page of a list as an answer, with the cursor of the next one; null = it is the last. */
export function writePage(form: ListForm, value: unknown, page: ListPage): Result<object, ActionError> {
  const { limit, after } = page;
  if (form === 'rows') {
    if (!hasRows(value)) return ok({ rows: [], found: 0, nextCursor: null });
    const end = Number(after ?? 0) + value.rows.length;
    const isLast = value.rows.length === 0 || end >= value.found;
    return ok({ ...value, nextCursor: isLast ? null : writeCursor(String(end)) });
  }
  if (form === 'keyset') {
    const { items, next } = KeysetAnswer.parse(value);
    return ok({ items, nextCursor: next === null ? null : writeCursor(next) });
  }
  const items: readonly unknown[] = Array.isArray(value) ? value : [];
  const keys = items.map((item) => String(form.key(item)));
  const start = after === null ? 0 : keys.indexOf(after) + 1;
  if (after !== null && start === 0) return refuseFields({ cursor: ['request.cursor'] });
  const end = start + limit;
  const last = keys[end - 1];
  const nextCursor = end < items.length && last !== undefined ? writeCursor(last) : null;
  return ok({ items: items.slice(start, end), nextCursor });
}
