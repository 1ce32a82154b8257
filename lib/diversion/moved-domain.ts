import { type Diversion, functionRoutes } from './diversion';

/** Returns the domain whose traffic a diversion moves, which people type to confirm it. Of several, the first. */
export function movedDomain(diversion: Diversion): string {
  return functionRoutes(diversion)[0]?.route.domain ?? diversion.routes[0]?.domain ?? '';
}
