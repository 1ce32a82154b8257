import { createSocket } from 'node:dgram';
import { createServer } from 'node:net';
import type { Settings } from '@/lib/settings';

type Wanted = {
  readonly setting: keyof Settings;
  readonly port: number;
  readonly protocol: 'TCP' | 'UDP';
  /** 127.0.0.1 if absent. */
  readonly host?: string;
};

/**
 * Returns the ports that this launcher's processes listen on. A worker listens on no port, and only `all`
 * has a sandbox.
 */
export function wantedPorts(settings: Settings): readonly Wanted[] {
  const web: readonly Wanted[] = [
    { setting: 'PORT', port: settings.PORT, protocol: 'TCP', host: settings.HOST },
  ];
  const both = (
    setting: 'SPILLWAY_SANDBOX_DNS_PORT' | 'SPILLWAY_SANDBOX_RESOLVER_PORT',
  ): readonly Wanted[] => [
    { setting, port: settings[setting], protocol: 'UDP' },
    { setting, port: settings[setting], protocol: 'TCP' },
  ];
  const sandbox: readonly Wanted[] = [
    { setting: 'SPILLWAY_SANDBOX_PORT', port: settings.SPILLWAY_SANDBOX_PORT, protocol: 'TCP' },
    {
      setting: 'SPILLWAY_SANDBOX_CONTROL_PORT',
      port: settings.SPILLWAY_SANDBOX_CONTROL_PORT,
      protocol: 'TCP',
    },
    ...both('SPILLWAY_SANDBOX_DNS_PORT'),
    ...both('SPILLWAY_SANDBOX_RESOLVER_PORT'),
  ];
  return { all: [...web, ...sandbox], web, worker: [] }[settings.SPILLWAY_ROLE];
}

/** The processes of a killed launcher take a moment to end, and hold their ports until then. */
const PATIENCE_MS = 1500;

/**
 * Checks that every port is free by binding it briefly.
 * @returns one line per unavailable port with the port, its setting and the fix
 */
export async function portProblems(wanted: readonly Wanted[]): Promise<readonly string[]> {
  for (const end = Date.now() + PATIENCE_MS; ; ) {
    const problems = await tryAll(wanted);
    if (problems.length === 0 || Date.now() >= end) return problems;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

async function tryAll(wanted: readonly Wanted[]): Promise<readonly string[]> {
  const problems = await Promise.all(
    wanted.map(async ({ setting, port, protocol, host = '127.0.0.1' }, index) => {
      const twin = wanted.slice(0, index).find((other) => other.port === port && other.protocol === protocol);
      if (twin) return `${setting}: port ${port} is already used by ${twin.setting}; set different ports`;
      const code = protocol === 'TCP' ? await tryTcp(port, host) : await tryUdp(port);
      if (code === null) return null;
      if (code === 'EADDRINUSE') {
        return `${setting}: port ${port} (${protocol}) on ${host} is in use; stop the program that uses it, or set ${setting} to a free port`;
      }
      if (code === 'EADDRNOTAVAIL') return `HOST: this machine has no address ${host}`;
      if (code === 'EACCES')
        return `${setting}: port ${port} requires root; set ${setting} to 1024 or higher`;
      return `${setting}: port ${port} can't be bound (${code}); set ${setting} to another port`;
    }),
  );
  return problems.filter((problem) => problem !== null);
}

function tryTcp(port: number, host: string): Promise<string | null> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    server.listen(port, host, () => server.close(() => resolve(null)));
  });
}

function tryUdp(port: number): Promise<string | null> {
  return new Promise((resolve) => {
    const socket = createSocket('udp4');
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    socket.bind(port, '127.0.0.1', () => socket.close(() => resolve(null)));
  });
}
