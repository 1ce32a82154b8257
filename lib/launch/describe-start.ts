import { join } from 'node:path';
import { publicUrl, type Settings } from '@/lib/settings';
import type { EmbeddedPostgres } from './postgres/embedded-postgres';
import type { SandboxReady } from './processes/sandbox-ready';
import type { SupervisedService } from './processes/supervise';

/** Describes for the operator, line by line, what has started, its addresses, and what is missing. */
export function describeStart(
  settings: Settings,
  facts: SandboxReady | null,
  embedded: EmbeddedPostgres | null,
  services: readonly SupervisedService<unknown>[],
  tookMs: number,
): readonly string[] {
  const took = `(${(tookMs / 1000).toFixed(1)} s)`;
  const url = settings.SPILLWAY_ROLE === 'worker' ? null : publicUrl(settings);
  const down = services.filter((service) => service.status().kind !== 'up');
  const title =
    down.length > 0
      ? `Spillway is running, except: ${down.map(({ name }) => name).join(', ')}  ${took}`
      : url === null
        ? `Spillway's worker is ready ${took}`
        : `Spillway is ready: ${url}  ${took}`;
  const lines = [title];
  for (const service of down) {
    const status = service.status();
    lines.push(`  ${status.kind === 'failing' ? status.reason : `${service.name} is starting`}; retrying`);
  }
  if (down.length > 0 && url !== null) lines.push(`  dashboard: ${url}`);
  if (facts) {
    const offset = facts.portOffset === 0 ? '' : `, listeners’ ports plus ${facts.portOffset}`;
    lines.push(
      `  sandbox cloud: API ${facts.api}, DNS ${facts.dns} (resolver ${facts.resolver}), load balancers in ${facts.vipNetwork}${offset}`,
    );
    lines.push(`  ${functionsLine(facts)}`);
    const note = isolationNote(facts);
    if (note !== null) lines.push(`  ${note}`);
    if (facts.pyodide) {
      lines.push(
        '  no usable python3: Python functions run on Pyodide, without processes, threads and connections',
      );
    }
  }
  if (embedded) lines.push(`  database: ${join(embedded.home, 'postgres')}`);
  return url === null ? lines : [...lines, '  Ctrl-C stops everything'];
}

/**
 * Returns the warning about the functions that the sandbox runs, for the operator who starts the app; null if they are
 * jailed. Without the system's namespaces they can reach every port of this machine, including that of the dashboard.
 */
export function isolationNote({
  isolation,
  weakerBecause,
  jailOnly,
}: Pick<SandboxReady, 'isolation' | 'weakerBecause' | 'jailOnly'>): string | null {
  if (isolation === 'jail') return null;
  const cause = `no jail: ${weakerBecause ?? 'no interpreter can be started'}`;
  if (jailOnly) {
    return `functions in the sandbox do not run, because keys of real accounts are used and this machine can’t jail function code; SPILLWAY_SANDBOX_UNJAILED_FUNCTIONS=allow runs them without a jail (${cause})`;
  }
  switch (isolation) {
    case 'user':
      return `functions in the sandbox can reach every port of this machine, including this dashboard: run only code that you trust (${cause})`;
    case 'weak':
      return `functions in the sandbox run as your own user, with access to your files and this dashboard: run only code that you trust (${cause})`;
  }
}

/**
 * Describes for the operator how function code is isolated in the sandbox: everything that differs between machines.
 */
export function functionsLine({
  isolation,
  systemCalls,
  totalMemory,
}: Pick<SandboxReady, 'isolation' | 'systemCalls' | 'totalMemory'>): string {
  const isolations = { jail: 'in a jail', user: 'as separate users, no jail', weak: 'no jail' };
  const filters = { filtered: 'system calls filtered', open: 'system calls not filtered' };
  const memories = {
    cgroup: 'total memory limited by a cgroup',
    watched: 'total memory watched by the sandbox (no cgroup is delegated)',
    each: 'memory limited for each process only',
  };
  return `functions: ${isolations[isolation]}, ${filters[systemCalls]}, ${memories[totalMemory]}`;
}
