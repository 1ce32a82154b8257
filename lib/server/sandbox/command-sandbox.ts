'use server';

import { z } from 'zod';
import type { CommandSandboxAction } from '@/lib/contract/sandbox';
import { ok } from '@/lib/result';
import { verb } from '@/lib/server/verb';
import { callControlApi } from '@/lib/store/connections/call-control-api';
import { recordReset } from './record-reset';

/**
 * The commands that the page may send. The control API itself checks each command's fields, and returns its own error
 * messages.
 */
const Command = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('clock'), order: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('taskTime'), ms: z.number() }),
  z.strictObject({ kind: z.literal('reset') }),
  z.strictObject({ kind: z.literal('seed'), name: z.string() }),
  z.strictObject({
    kind: z.literal('assume'),
    values: z.record(z.string(), z.union([z.string(), z.number()])),
  }),
  z.strictObject({ kind: z.literal('addFault'), order: z.record(z.string(), z.unknown()) }),
  z.strictObject({ kind: z.literal('clearFault'), id: z.string() }),
  z.strictObject({ kind: z.literal('clearAllFaults') }),
]);
type Command = z.infer<typeof Command>;

type Order = { readonly method: string; readonly path: string; readonly body?: string };

function toOrder(command: Command): Order {
  switch (command.kind) {
    case 'clock':
      return { method: 'POST', path: '/clock', body: JSON.stringify(command.order) };
    case 'taskTime':
      return { method: 'POST', path: '/task-time', body: JSON.stringify({ ms: command.ms }) };
    case 'reset':
      return { method: 'POST', path: '/reset' };
    case 'seed':
      return { method: 'POST', path: '/seed', body: JSON.stringify({ name: command.name }) };
    case 'assume':
      return { method: 'PUT', path: '/assumptions', body: JSON.stringify(command.values) };
    case 'addFault':
      return { method: 'POST', path: '/faults', body: JSON.stringify(command.order) };
    case 'clearFault':
      return { method: 'DELETE', path: `/faults/${encodeURIComponent(command.id)}` };
    case 'clearAllFaults':
      return { method: 'DELETE', path: '/faults' };
  }
}

/** Sends a command to the sandbox's control API. */
export const commandSandbox = verb(
  'sandbox.command',
  Command,
  'all',
  async (command, actor, note): ReturnType<CommandSandboxAction> => {
    note({ command: command.kind });
    const { method, path, body } = toOrder(command);
    const at = new Date();
    const answer = await callControlApi(method, path, body);
    if (!answer.ok) return answer;
    // The stored snapshots belong to the replaced sandbox data.
    if (command.kind === 'reset' || command.kind === 'seed')
      await recordReset({ kind: command.kind, actor: actor.name, at });
    return ok(null);
  },
);
