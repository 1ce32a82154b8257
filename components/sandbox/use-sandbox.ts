'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMessage } from '@/components/ui/use-message';
import type { CommandSandboxAction, SandboxCommand } from '@/lib/client/actions';
import { answerOf } from '@/lib/client/answer-of';
import { importSandboxFile } from '@/lib/client/import-file';
import { queryKeys, sandboxQuery } from '@/lib/client/queries';
import type { SandboxView } from '@/lib/client/views';

/** What one part of the page asks of the sandbox: a command, or the import of a file. */
export type SandboxOrder = SandboxCommand | { readonly kind: 'import'; readonly file: File };

/** What became of the last order of one part of the page. */
export type OrderState =
  | { readonly state: 'none' | 'done' }
  /** Until the page shows what it has changed. */
  | { readonly state: 'sending'; readonly command: SandboxOrder }
  /** No answer came: it may have been taken or not. */
  | { readonly state: 'unknown' }
  | { readonly state: 'refused'; readonly text: string };

export type Orders = {
  readonly last: OrderState;
  /** `onDone`: it was taken, and the page shows it. */
  readonly give: (command: SandboxOrder, onDone?: () => void) => void;
};

type Given = { readonly command: SandboxOrder; readonly onDone: (() => void) | undefined };

/** Orders to the sandbox from one part of the page: each part shows what became of its own. */
export function useOrders(commandSandbox: CommandSandboxAction): Orders {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const sent = useMutation({
    mutationFn: ({ command }: Given) =>
      command.kind === 'import' ? importSandboxFile(command.file) : answerOf(commandSandbox(command)),
    onSettled: async (answer, _error, { onDone }) => {
      await client.invalidateQueries({ queryKey: queryKeys.sandbox() });
      if (answer?.ok) onDone?.();
    },
  });

  function last(): OrderState {
    if (sent.isPending) return { state: 'sending', command: sent.variables.command };
    if (sent.isError) return { state: 'unknown' };
    if (sent.data === undefined) return { state: 'none' };
    if (sent.data.ok) return { state: 'done' };
    const { form, fields } = sent.data.error;
    const keys = Object.values(fields).flat();
    return {
      state: 'refused',
      text: form ? message(form.message, form.values) : keys.map((key) => message(key)).join(' '),
    };
  }

  return { last: last(), give: (command, onDone) => sent.mutate({ command, onDone }) };
}

/** The sandbox as it is now. A failed look keeps the last one on the page. */
export function useSandbox(initial: SandboxView) {
  const query = useQuery({ ...sandboxQuery(), initialData: initial });
  return { sandbox: query.data, isStale: query.isRefetchError };
}
