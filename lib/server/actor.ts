import 'server-only';

/**
 * Returns the actor. Until there is a sign-in, that is whoever uses this machine: the dashboard listens on loopback
 * only.
 */
export function currentActor(): string {
  return 'local';
}
