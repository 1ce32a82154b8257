import 'server-only';
import { z } from 'zod';
import type { CommandSandboxAction } from '@/lib/client/actions';
import { ok } from '@/lib/result';
import { serverContext } from './context';
import { listConnections } from './list-connections';
import { refuseInput } from './refusal';
import { askDoor } from './sandbox-door';

/** What the page may order. The door itself checks each order's fields, and says what is wrong in its own words. */
const Command = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clock'), order: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('taskTime'), ms: z.number() }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('seed'), name: z.string() }),
  z.strictObject({ kind: z.literal('import'), world: z.string() }),
  z.strictObject({
    kind: z.literal('assume'),
    values: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  z.strictObject({ kind: z.literal('addFault'), order: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('liftFault'), id: z.string() }),
  z.strictObject({ kind: z.literal('liftAllFaults') }),
]);
type Command = z.infer<typeof Command>;

type Order = { readonly method: string; readonly path: string; readonly body?: string };

function orderOf(command: Command): Order {
  switch (command.kind) {
    case 'clock':
      return { method: 'POST', path: '/clock', body: JSON.stringify(command.order) };
    case 'taskTime':
      return { method: 'POST', path: '/task-time', body: JSON.stringify({ ms: command.ms }) };
    case 'reset':
      return { method: 'POST', path: '/reset' };
    case 'seed':
      return { method: 'POST', path: '/seed', body: JSON.stringify({ name: command.name }) };
    case 'import':
      return { method: 'PUT', path: '/world', body: command.world };
    case 'assume':
      return { method: 'PUT', path: '/assumptions', body: JSON.stringify(command.values) };
    case 'addFault':
      return { method: 'POST', path: '/faults', body: JSON.stringify(command.order) };
    case 'liftFault':
      return { method: 'DELETE', path: `/faults/${encodeURIComponent(command.id)}` };
    case 'liftAllFaults':
      return { method: 'DELETE', path: '/faults' };
  }
}

/** Another world stands where the stored estates were read. */
const replacesWorld: ReadonlySet<Command['kind']> = new Set(['reset', 'seed', 'import']);

/** Gives the sandbox an order by its control door. */
export const commandSandbox = async (input: unknown): ReturnType<CommandSandboxAction> => {
  const command = Command.safeParse(input);
  if (!command.success) return refuseInput(command.error);
  const { method, path, body } = orderOf(command.data);
  const answer = await askDoor(method, path, body);
  if (!answer.ok) return answer;
  if (replacesWorld.has(command.data.kind)) await readEstatesAnew();
  return ok(null);
};

async function readEstatesAnew(): Promise<void> {
  const { engine } = await serverContext();
  const connections = await listConnections();
  for (const { id, kind } of connections) {
    if (kind === 'sandbox') await engine.enqueueSync({ connectionId: id });
  }
}
