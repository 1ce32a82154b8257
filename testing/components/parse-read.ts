import type { ReadName, Reads } from '@/lib/contract/reads';

/** Parses the address of a query that a page reads. The input is that of the expected query. */
export function parseRead<Name extends ReadName>(
  address: unknown,
): { readonly name: string; readonly input: Reads[Name]['input'] } {
  const { pathname, searchParams } = new URL(String(address), 'http://localhost');
  return {
    name: pathname.replace('/api/read/', ''),
    input: JSON.parse(searchParams.get('input') ?? 'null'),
  };
}
