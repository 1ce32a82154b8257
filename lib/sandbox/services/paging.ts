import { ApiError } from '../api/api-error';

type PageRequest = { Offset?: number; Limit?: number };

/**
 * Cuts one page out of a list.
 * @param limits the default and the greatest `Limit` of the action, as its API page says.
 * @throws ApiError InvalidParameterValue
 */
export function page<T>(
  items: readonly T[],
  request: PageRequest,
  limits: { fallback: number; max: number },
): T[] {
  const offset = request.Offset ?? 0;
  const limit = request.Limit ?? limits.fallback;
  if (offset < 0) throw new ApiError('InvalidParameterValue', 'The parameter `Offset` must not be negative.');
  if (limit < 0 || limit > limits.max) {
    throw new ApiError(
      'InvalidParameterValue',
      `The parameter \`Limit\` must be between 0 and ${limits.max}.`,
    );
  }
  return items.slice(offset, offset + limit);
}
