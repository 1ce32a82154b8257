'use client';

import { useTranslations } from 'next-intl';
import { useOptimistic, useTransition } from 'react';
import type { ConnectionView } from '@/lib/contract/connection';
import { FormRow } from './form-row';

type AccountsPanelProps = {
  /** The accounts other than the diversion's own. */
  readonly accounts: readonly ConnectionView[];
  /** Ids of the accounts whose resources can be chosen. */
  readonly spanned: readonly string[];
  readonly onAccountsChange: (ids: readonly string[]) => void;
};

/** Selects the further accounts whose load balancers, functions and zones the routes may name. */
export function AccountsPanel({ accounts, spanned, onAccountsChange }: AccountsPanelProps) {
  const t = useTranslations('diversion.accounts');
  // The ticked account is shown at once; the page with its resources follows.
  const [shown, show] = useOptimistic(spanned);
  const [isComing, start] = useTransition();
  const choose = (ids: readonly string[]) =>
    start(() => {
      show(ids);
      onAccountsChange(ids);
    });
  return (
    <FormRow title={t('title')}>
      <ul className="flex flex-wrap gap-x-6 gap-y-2 text-12">
        {accounts.map(({ id, name, uin }) => (
          <li key={id}>
            <label className="inline-flex items-center gap-2">
              <input
                type="checkbox"
                className="size-4 accent-accent"
                checked={shown.includes(id)}
                disabled={uin === null}
                onChange={({ target }) =>
                  choose(target.checked ? [...shown, id] : shown.filter((each) => each !== id))
                }
              />
              <span className="font-medium">{name}</span>
              <span className="text-ink-2">{uin ?? t('neverRead')}</span>
            </label>
          </li>
        ))}
      </ul>
      <p className="text-12 text-ink-2">{isComing ? t('coming') : t('note')}</p>
    </FormRow>
  );
}
