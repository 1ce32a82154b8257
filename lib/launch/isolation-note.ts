import type { SandboxReady } from './processes/sandbox-ready';

/**
 * Returns the warning about the functions that the sandbox runs, for the operator who starts the app; null if they are
 * jailed. Without the system's namespaces they can reach whatever listens on this machine, including the dashboard,
 * which has no sign-in.
 */
export function isolationNote({
  isolation,
  weakerBecause,
  jailOnly,
}: Pick<SandboxReady, 'isolation' | 'weakerBecause' | 'jailOnly'>): string | null {
  if (isolation === 'jail') return null;
  const cause = `no jail: ${weakerBecause ?? 'no interpreter starts'}`;
  if (jailOnly) {
    return `functions in the sandbox do not run, because keys of real accounts are set and this machine can’t jail function code; SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS=allow runs them without a jail (${cause})`;
  }
  switch (isolation) {
    case 'user':
      return `functions in the sandbox can reach whatever listens on this machine, this dashboard too: run only code that you trust (${cause})`;
    case 'weak':
      return `functions in the sandbox run as your own user, with your files and this dashboard in their reach: run only code that you trust (${cause})`;
  }
}

/**
 * Describes how function code is isolated in the sandbox, for the operator who starts the app: everything that differs
 * between machines.
 */
export function functionsLine({
  isolation,
  systemCalls,
  totalMemory,
}: Pick<SandboxReady, 'isolation' | 'systemCalls' | 'totalMemory'>): string {
  const isolations = { jail: 'in a jail', user: 'as users of their own, no jail', weak: 'no jail' };
  const filters = { filtered: 'system calls filtered', open: 'system calls not filtered' };
  const memories = {
    cgroup: 'total memory limited by a cgroup',
    watched: 'total memory watched by the sandbox (no cgroup is delegated)',
    each: 'memory limited for each process only',
  };
  return `functions: ${isolations[isolation]}, ${filters[systemCalls]}, ${memories[totalMemory]}`;
}
