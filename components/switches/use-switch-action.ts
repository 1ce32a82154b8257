import { useQueryClient } from '@tanstack/react-query';
import { useAction } from '@/components/shell/use-action';
import type { Answer } from '@/lib/client/actions';
import { queryKeys } from '@/lib/client/queries';

/** Gives an order of the switchboard, has the board read again, and says in words what the server said no to. */
export function useSwitchAction<I, T>(
  action: (input: I) => Answer<T>,
  onDone: (value: T) => void = () => {},
) {
  const client = useQueryClient();
  const sent = useAction(action, onDone, {
    below: ['ui.refusal', 'switch.error', 'diversion.error'],
    onSettled: () => client.invalidateQueries({ queryKey: queryKeys.switches() }),
  });
  // The board has no fields of its own: what is wrong with one stands where a refusal does.
  return { ...sent, refusal: sent.refusal ?? sent.fieldErrors };
}
