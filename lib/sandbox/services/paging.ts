import { ApiError, invalidValue } from '../model/api-error';

type PageRequest = { Offset?: number; Limit?: number };

/**
 * Returns one page of a list.
 * @param limits the default and the maximum `Limit` of the action, as its API page states.
 * @throws ApiError InvalidParameterValue
 */
export function page<T>(
  items: readonly T[],
  request: PageRequest,
  limits: { fallback: number; max: number },
): T[] {
  const offset = request.Offset ?? 0;
  const limit = request.Limit ?? limits.fallback;
  if (offset < 0) throw invalidValue('The parameter `Offset` must not be negative.');
  if (limit < 0 || limit > limits.max) {
    throw invalidValue(`The parameter \`Limit\` must be between 0 and ${limits.max}.`);
  }
  return items.slice(offset, offset + limit);
}

/**
 * Returns one page by token: the token is the start of the page.
 * @param token '' = the first page
 * @param refusal the service's code for a token that no response contained, and the field that contains it
 * @returns the page and the token of the next; '' = the last page
 * @throws ApiError
 */
export function tokenPage<T>(
  items: readonly T[],
  token: string,
  size: number,
  refusal: { readonly code: string; readonly field: string },
): { items: T[]; next: string } {
  if (!/^\d{0,9}$/.test(token)) {
    throw new ApiError(refusal.code, `The parameter \`${refusal.field}\` must be one that an answer held.`);
  }
  const end = Number(token) + size;
  return { items: items.slice(Number(token), end), next: end < items.length ? String(end) : '' };
}
