import { execFileSync } from 'node:child_process';
import { strToU8, zipSync } from 'fflate';

/** The targets of an attack. */
export type AttackAims = {
  /** Processes of the app. */
  readonly pids: readonly number[];
  readonly folders: readonly string[];
  readonly files: readonly string[];
  /** The path of the database's Unix socket. */
  readonly socket: string;
  /** TCP ports on 127.0.0.1, by the service that listens there. */
  readonly ports: Readonly<Record<string, number>>;
  /** The prefixes of the app's settings. */
  readonly settings: readonly string[];
};

const handler = `
def managed(action):
    try:
        return bool(action())
    except BaseException:
        return False

def connected(family, address):
    with socket.socket(family, socket.SOCK_STREAM) as s:
        s.settimeout(5)
        s.connect(address)
    return True

def main_handler(event, context):
    done = []
    def attempt(what, action):
        if managed(action):
            done.append(what)
    for pid in AIMS['pids']:
        attempt('read the environment of process %d' % pid, lambda: open('/proc/%d/environ' % pid, 'rb').read())
    for path in AIMS['folders']:
        attempt('list %s' % path, lambda: os.listdir(path) or True)
    for path in AIMS['files']:
        attempt('read %s' % path, lambda: open(path, 'rb').read(1))
    attempt('connect to the database', lambda: connected(socket.AF_UNIX, AIMS['socket']))
    attempt('find settings in its environment', lambda: [name for name in os.environ if name.startswith(tuple(AIMS['settings']))])
    for name, port in AIMS['ports'].items():
        attempt('connect to the %s' % name, lambda: connected(socket.AF_INET, ('127.0.0.1', port)))
    return {'statusCode': 200, 'headers': {'Content-Type': 'application/json'}, 'body': json.dumps(done)}
`;

/**
 * Returns the attack as Python source. Its response body is a JSON list of the targets that it reached. A JSON text is
 * a Python literal, too.
 */
export function attackSource(aims: AttackAims): string {
  const literal = JSON.stringify(JSON.stringify(aims));
  return `import json, os, socket\n\nAIMS = json.loads(${literal})\n${handler}`;
}

/** Encodes a function's code as the API takes it. */
export function zipBase64(source: string): string {
  return Buffer.from(zipSync({ 'index.py': strToU8(source) })).toString('base64');
}

/**
 * Runs the attack without isolation as the app's user, who may do all of it, which proves that its targets are real.
 * @returns the targets that it reached
 */
export function attackInTheOpen(aims: AttackAims): readonly string[] {
  const program = `${attackSource(aims)}\nprint(main_handler({}, None)['body'])`;
  const settings = Object.fromEntries(aims.settings.map((start) => [`${start}X`, 'x']));
  const env = { ...process.env, ...settings };
  return JSON.parse(execFileSync('python3', ['-c', program], { env, encoding: 'utf8' }));
}
