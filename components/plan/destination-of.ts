import { type Diversion, functionRoutes } from '@/lib/diversion/diversion';

/** The function that traffic is moved to, by its name; null where it goes to CVM targets. Of several, the first. */
export function destinationOf(diversion: Diversion): string | null {
  if (diversion.kind === 'switch' && diversion.toward === 'cvm') return null;
  const fn = functionRoutes(diversion)[0]?.route.function;
  return fn === undefined ? null : `${fn.namespace}/${fn.name}:${fn.qualifier}`;
}
