import { openSync, readdirSync, readFileSync } from 'node:fs';

/** The number of a function's descriptors: input, output, errors, and the channel of its protocol. */
const OWN = 4;
/**
 * The bit in the octal `flags` of /proc/self/fdinfo on every architecture that Node supports on Linux:
 * https://man7.org/linux/man-pages/man5/proc_pid_fdinfo.5.html
 */
const O_CLOEXEC = 0o2000000;

let cover: readonly (number | 'ignore')[] | null = null;

/**
 * Returns what to append to a function's own four descriptors in `stdio` of a spawn, so that it inherits no others:
 * this process may itself have inherited descriptors above them (a lock, a log, a folder). Node opens its own
 * descriptors with close-on-exec, but of the inherited ones it handles only the first 16
 * (`uv_disable_stdio_inheritance`, https://docs.libuv.org/en/v1.x/process.html). Each of them is covered by the null
 * device.
 */
export function coverInherited(): readonly (number | 'ignore')[] {
  cover ??= coverDescriptors(inherited());
  return cover;
}

function coverDescriptors(descriptors: readonly number[]): readonly (number | 'ignore')[] {
  if (descriptors.length === 0) return [];
  const nothing = openSync('/dev/null', 'r');
  return Array.from({ length: Math.max(...descriptors) + 1 - OWN }, (_, at) =>
    descriptors.includes(at + OWN) ? nothing : 'ignore',
  );
}

/**
 * Returns the descriptors of this process that its children would inherit. Only Linux reports them; macOS passes none
 * to a child.
 */
function inherited(): readonly number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc/self/fd')
    .map(Number)
    .filter((descriptor) => descriptor >= OWN && !closesOnExec(descriptor));
}

function closesOnExec(descriptor: number): boolean {
  try {
    const info = readFileSync(`/proc/self/fdinfo/${descriptor}`, 'utf8');
    return (Number.parseInt(/^flags:\s*(\d+)/m.exec(info)?.[1] ?? '0', 8) & O_CLOEXEC) !== 0;
  } catch {
    // The descriptor of the listing itself is closed by now.
    return true;
  }
}
