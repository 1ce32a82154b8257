'use client';

import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useAction } from '@/components/shell/use-action';
import { queryKeys } from '@/lib/client/queries';
import type { Answer } from '@/lib/contract/answer';
import type { ChangeAbout } from '@/lib/contract/function';
import type { FunctionPageProps } from './function-props';

/**
 * Sends a function change with the reason from its dialog. The worker executes it; the page shows the outcome.
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
