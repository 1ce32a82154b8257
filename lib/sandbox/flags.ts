import { parseArgs } from 'node:util';
import { err, ok, type Result } from '@/lib/result';
import { seedNames } from './seeds/seeds';

export type SandboxFlags = {
  /** 0 = any free port; so too below. */
  readonly port: number;
  readonly dnsPort: number;
  readonly seed: string;
  readonly stateFile: string | null;
  /** null = no control door. */
  readonly controlPort: number | null;
  readonly vipNetwork: string;
  readonly taskMs: number;
};

/** One line for each flag of `npm run sandbox`. */
export const usage = [
  '--port N              port of the API on 127.0.0.1 (default 0: any)',
  '--dns-port N          UDP port of the DNS server on 127.0.0.1 (default 0: any)',
  `--seed NAME           world to begin with: ${seedNames.join(', ')} (default flash-sale)`,
  '--state FILE          keep the world in this file and go on from it',
  '--control             open the control door; --control-port N: on this port',
  '--vip-network NET     /16 of loopback for load balancers and servers (default 127.77.0.0/16)',
  '--task-ms N           how long a task of a load balancer takes (default 1000)',
].join('\n');

const options = {
  port: { type: 'string', default: '0' },
  'dns-port': { type: 'string', default: '0' },
  seed: { type: 'string', default: 'flash-sale' },
  state: { type: 'string' },
  control: { type: 'boolean', default: false },
  'control-port': { type: 'string' },
  'vip-network': { type: 'string', default: '127.77.0.0/16' },
  'task-ms': { type: 'string', default: '1000' },
} as const;

/**
 * Reads the command line.
 * @returns the flags, or one line for each that is wrong.
 */
export function parseFlags(args: readonly string[]): Result<SandboxFlags, readonly string[]> {
  const problems: string[] = [];
  const whole = (name: string, text: string, max: number): number => {
    const value = Number(text);
    if (!/^\d+$/.test(text) || value > max) problems.push(`--${name} must be a whole number up to ${max}`);
    return value;
  };
  try {
    const { values } = parseArgs({ args: [...args], options, strict: true });
    const [, second] = /^127\.(\d{1,3})\.0\.0\/16$/.exec(values['vip-network']) ?? [];
    if (second === undefined || Number(second) < 1 || Number(second) > 255) {
      problems.push('--vip-network must be 127.1.0.0/16 to 127.255.0.0/16');
    }
    if (!seedNames.includes(values.seed)) problems.push(`--seed must be one of ${seedNames.join(', ')}`);
    const controlPort = values['control-port'] ?? (values.control ? '0' : undefined);
    const flags: SandboxFlags = {
      port: whole('port', values.port, 65_535),
      dnsPort: whole('dns-port', values['dns-port'], 65_535),
      seed: values.seed,
      stateFile: values.state ?? null,
      controlPort: controlPort === undefined ? null : whole('control-port', controlPort, 65_535),
      vipNetwork: values['vip-network'],
      taskMs: whole('task-ms', values['task-ms'], 3_600_000),
    };
    return problems.length === 0 ? ok(flags) : err(problems);
  } catch (error) {
    return err([error instanceof Error ? error.message : String(error)]);
  }
}
