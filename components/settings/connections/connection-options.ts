import { useTranslations } from 'next-intl';
import { useState } from 'react';
import type { ConnectionChoice } from '@/lib/contract/connection';

type Option = { readonly value: string; readonly label: string };

/**
 * Returns the accounts to choose from. Those that are stored and not connected any more are added, so that they are seen, and kept
 * until they are taken out.
 * @param stored the ids that are stored, when the form opens
 */
export function useConnectionOptions(
  connections: readonly ConnectionChoice[],
  stored: readonly string[],
): readonly Option[] {
  const [kept] = useState(stored);
  const name = useConnectionName(connections);
  const ids = [...new Set([...connections.map(({ id }) => id), ...kept])];
  return ids.map((id) => ({ value: id, label: name(id) }));
}

/** Returns the function that names an account by its id. */
export function useConnectionName(connections: readonly ConnectionChoice[]): (id: string) => string {
  const t = useTranslations('settings');
  return (id) => connections.find((each) => each.id === id)?.name ?? t('notConnected', { id });
}
