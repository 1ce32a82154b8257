import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage } from 'node:http';
import { z } from 'zod';
import served from '../api/served-actions.json';
import { listen, readBody } from '../api/server';
import type { World } from '../world/world';
import type { EffectLog } from './effect-log';
import { type Faults, faultKinds } from './faults';

/**
 * The control door: what a test may do to the cloud that no cloud lets its customers do. It is open only when asked
 * for, on loopback, and only to who knows its token.
 */
export type ControlDoor = { readonly url: string; readonly token: string; stop(): Promise<void> };

export type ControlDeps = {
  readonly world: () => World;
  readonly effects: EffectLog;
  readonly faults: Faults;
  readonly setTaskMs: (ms: number) => void;
  /** Puts the seed's world back and forgets effects, faults and task time. */
  readonly reset: () => void;
  readonly log: { error(fields: object, message: string): void };
};

/** `POST /task-time`: milliseconds, from the next write on. */
const TaskTime = z.strictObject({ ms: z.number().int().min(0).max(3_600_000) });

const actions = Object.values(served).flatMap((service) => service.actions);

/** `POST /faults`: what happens to the next `count` calls of an action. */
const FaultOrder = z
  .strictObject({
    action: z.string().refine((name) => actions.includes(name), 'must be an action that the sandbox serves'),
    kind: z.enum(faultKinds),
    count: z.number().int().min(1).max(1000).default(1),
    /** Of `taskFails`: what DescribeTaskStatus will say. */
    message: z.string().min(1).default('Task failed: internal error of the backend.'),
  })
  .refine((order) => order.kind !== 'taskFails' || isTaskAction(order.action), {
    message: 'only writes on load balancers run as tasks',
    path: ['action'],
  });

function isTaskAction(action: string): boolean {
  return served.clb.actions.includes(action) && !action.startsWith('Describe');
}

type Reply = { readonly status: number; readonly body: object };

const done: Reply = { status: 200, body: { ok: true } };

function refused(error: z.ZodError): Reply {
  const problems = error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  return { status: 400, body: { error: problems.join('; ') } };
}

function answer(route: string, body: string, deps: ControlDeps): Reply {
  switch (route) {
    case 'GET /world':
      return { status: 200, body: deps.world() };
    case 'GET /effects':
      return { status: 200, body: deps.effects.counts() };
    case 'POST /reset':
      deps.reset();
      return done;
    case 'DELETE /faults':
      deps.faults.clear();
      return done;
    case 'POST /task-time': {
      const wanted = TaskTime.safeParse(parsed(body));
      if (!wanted.success) return refused(wanted.error);
      deps.setTaskMs(wanted.data.ms);
      return done;
    }
    case 'POST /faults': {
      const order = FaultOrder.safeParse(parsed(body));
      if (!order.success) return refused(order.error);
      const { action, kind, message, count } = order.data;
      deps.faults.add({ action, kind, message }, count);
      return done;
    }
    default:
      return { status: 404, body: { error: `The control door knows no ${route}.` } };
  }
}

/** JSON, or undefined for what is none: the schemas refuse that. */
function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}

function knowsToken(message: IncomingMessage, token: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(message.headers.authorization ?? ''), digest(`Bearer ${token}`));
}

/** Opens the door on 127.0.0.1 with a token of its own. @param port 0 = any free one */
export async function startControlDoor(port: number, deps: ControlDeps): Promise<ControlDoor> {
  const token = randomBytes(24).toString('base64url');
  const respond = async (message: IncomingMessage): Promise<Reply> => {
    if (!knowsToken(message, token))
      return { status: 401, body: { error: 'The bearer token is wrong or missing.' } };
    const body = await readBody(message, 64 * 1024);
    return answer(`${message.method} ${message.url}`, body.toString('utf8'), deps);
  };
  const server = createServer((message, response) => {
    respond(message).then(
      ({ status, body }) =>
        response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body)),
      (error: unknown) => {
        deps.log.error({ err: error }, 'control request broke off');
        message.socket.destroy();
      },
    );
  });
  const open = await listen(server, port);
  return { url: `http://127.0.0.1:${open.port}`, token, stop: open.stop };
}
