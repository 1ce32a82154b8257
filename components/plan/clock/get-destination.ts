import { type Diversion, functionRoutes } from '@/lib/diversion/diversion';

/** Returns the name of the function to which traffic is moved, the first of several; null if it goes to CVM targets. */
export function getDestination(diversion: Diversion): string | null {
  if (diversion.kind === 'switch' && diversion.toward === 'cvm') return null;
  const fn = functionRoutes(diversion)[0]?.route.function;
  return fn === undefined ? null : `${fn.namespace}/${fn.name}:${fn.qualifier}`;
}
