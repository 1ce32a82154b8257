'use client';

import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useMessage } from '@/components/ui/use-message';
import { checkAnswer } from '@/lib/client/check-answer';
import { importSandboxFile } from '@/lib/client/import-file';
import { sandboxQuery } from '@/lib/client/page-queries';
import { queryKeys } from '@/lib/client/queries';
import type { CommandSandboxAction, SandboxCommand, SandboxView } from '@/lib/contract/sandbox';

/** A request from one part of the page to the sandbox: a command, or the import of a file. */
export type SandboxRequest = SandboxCommand | { readonly kind: 'import'; readonly file: File };

/** The outcome of the last command from one part of the page. */
export type SandboxCommandState =
  | { readonly state: 'none' | 'done' }
  /** Lasts until the page shows the change. */
  | { readonly state: 'sending'; readonly command: SandboxRequest }
  /** No response: the command may or may not have been accepted. */
  | { readonly state: 'unknown' }
  | { readonly state: 'refused'; readonly text: string };

export type SandboxCommands = {
  readonly last: SandboxCommandState;
  /** `onDone`: called once it was accepted and the page shows it. */
  readonly send: (command: SandboxRequest, onDone?: () => void) => void;
};

type Given = { readonly command: SandboxRequest; readonly onDone: (() => void) | undefined };

/** Sends commands to the sandbox from one part of the page; each part shows the outcome of its own commands. */
export function useSandboxCommands(commandSandbox: CommandSandboxAction): SandboxCommands {
  const message = useMessage('ui.refusal');
  const client = useQueryClient();
  const sent = useMutation({
    mutationFn: ({ command }: Given) =>
      command.kind === 'import' ? importSandboxFile(command.file) : checkAnswer(commandSandbox(command)),
    onSettled: async (answer, _error, { onDone }) => {
      await client.invalidateQueries({ queryKey: queryKeys.sandbox() });
      if (answer?.ok) onDone?.();
    },
  });

  function last(): SandboxCommandState {
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

  return { last: last(), send: (command, onDone) => sent.mutate({ command, onDone }) };
}

/** Provides the current sandbox. A failed poll keeps the last data on the page. */
export function useSandbox(initial: SandboxView) {
  const query = useQuery({ ...sandboxQuery(), initialData: initial });
  return { sandbox: query.data, isStale: query.isRefetchError };
}
