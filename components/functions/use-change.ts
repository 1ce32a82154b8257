'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAction } from '@/components/shell/use-action';
import type { Answer } from '@/lib/client/actions';
import type { ChangeAbout } from '@/lib/client/function-actions';
import { queryKeys } from '@/lib/client/queries';
import type { FunctionPageProps } from './function-props';

/**
 * Sends a change of a function with the reason that its dialog asks for. The change continues in the worker; the page shows
 * how it ends.
 * @param onSent called once the server has accepted it
 */
export function useChange<Input>(
  { connection, view }: Pick<FunctionPageProps, 'connection' | 'view'>,
  action: (input: ChangeAbout & Input) => Answer<{ changeId: string }>,
  onSent: () => void,
) {
  const client = useQueryClient();
  const [reason, setReason] = useState('');
  const sending = useAction(action, () => {
    void client.invalidateQueries({ queryKey: queryKeys.functions(connection.id) });
    onSent();
  });
  const { region, namespace, name } = view.function;
  return {
    ...sending,
    reason,
    setReason,
    submit: (input: Input) =>
      sending.send({ connectionId: connection.id, region, namespace, name, reason, ...input }),
  };
}
