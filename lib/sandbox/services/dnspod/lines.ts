import { ApiError } from '../../api/api-error';

/** The lines of the sandbox, by id: https://cloud.tencent.com/document/api/1427/56167. */
const lines: ReadonlyMap<string, string> = new Map([
  ['0', '默认'],
  ['10=0', '电信'],
  ['10=1', '联通'],
  ['10=2', '教育网'],
  ['10=3', '移动'],
  ['3=0', '境外'],
]);

export const defaultLineId = '0';

export type Line = { readonly line: string; readonly lineId: string };

/**
 * The line that a request means: the id wins over the name, and the international site calls the default line `Default`.
 * @throws ApiError InvalidParameter.RecordLineInvalid
 */
export function lineOf(name: string, id: string | undefined): Line {
  const known = [...lines].find(([lineId, line]) =>
    id ? lineId === id : line === name || (name === 'Default' && lineId === defaultLineId),
  );
  if (!known) {
    throw new ApiError('InvalidParameter.RecordLineInvalid', `The record line ${id || name} does not exist.`);
  }
  return { lineId: known[0], line: known[1] };
}
