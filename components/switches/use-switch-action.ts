import { useQueryClient } from '@tanstack/react-query';
import { useAction } from '@/components/shell/use-action';
import { queryKeys } from '@/lib/client/queries';
import type { Answer } from '@/lib/contract/answer';

/** Sends a command of the switchboard, refreshes the board, and provides the server's refusal as text. */
export function useSwitchAction<I, T>(
  action: (input: I) => Answer<T>,
  onDone: (value: T, isHere: boolean) => void = () => {},
) {
  const client = useQueryClient();
  const sent = useAction(action, onDone, {
    below: ['ui.refusal', 'switch.error', 'diversion.error'],
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.switches() }),
  });
  // The board has no fields of its own, so field errors are shown in the place of a refusal.
  return { ...sent, refusal: sent.refusal ?? sent.fieldErrors };
}
