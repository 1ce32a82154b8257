import 'server-only';

/** Who acts. Until there is a sign-in, whoever sits at this machine: the dashboard answers on loopback only. */
export function currentActor(): string {
  return 'local';
}
