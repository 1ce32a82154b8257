import type { WorldFunction } from '@/lib/sandbox/world/scf';

/**
 * Returns the version that a call of a function runs: `$LATEST` or a published number; null when the function has no
 * such version or alias. An alias may send a share of its calls to one more version
 * (https://www.tencentcloud.com/document/product/583/36149).
 * @param draw from 0 up to but excluding 1: random for each call, so that the shares are correct
 */
export function resolveQualifier(
  fn: Pick<WorldFunction, 'versions' | 'aliases'>,
  qualifier: string,
  draw: number,
): string | null {
  const alias = fn.aliases.find((each) => each.name === qualifier);
  const version = alias ? drawVersion(alias, draw) : qualifier;
  const isThere = version === '$LATEST' || fn.versions.some((each) => each.version === version);
  return isThere ? version : null;
}

function drawVersion({ version, extra }: WorldFunction['aliases'][number], draw: number): string {
  return extra !== null && draw < extra.weight ? extra.version : version;
}
