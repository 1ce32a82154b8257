import { ApiError } from '@/lib/sandbox/model/api-error';
import { defaultLineId, type Line, lines, lineWithId } from '@/lib/sandbox/model/dns/lines';

/**
 * Returns the line that a request means: the id takes precedence over the name, and the international site calls the
 * default line `Default`.
 * @throws ApiError InvalidParameter.RecordLineInvalid
 */
export function resolveLine(name: string, id: string | undefined): Pick<Line, 'id' | 'name'> {
  const wanted = name === 'Default' ? defaultLineId : lines.find((line) => line.name === name)?.id;
  const found = lineWithId(id || (wanted ?? ''));
  if (!found) {
    const field = id ? 'RecordLineId' : 'RecordLine';
    throw new ApiError(
      'InvalidParameter.RecordLineInvalid',
      `The parameter \`${field}\` names no record line: ${id || name}.`,
    );
  }
  return found;
}
