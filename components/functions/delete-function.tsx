'use client';

import { Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Callout } from '@/components/ui/banner';
import { FactRow, Facts } from '@/components/ui/facts';
import { ChangeDialog, TypedName } from './change-dialog';
import type { FunctionPageProps } from './function-props';
import { useChange } from './use-change';

/** Deletes a function that no rule uses: lists what is deleted with it, and asks for its name. */
export function DeleteFunction({ onClose, ...props }: FunctionPageProps & { readonly onClose: () => void }) {
  const t = useTranslations('functions');
  const { view, connection, actions } = props;
  const { function: fn, uses, leftBy } = view;
  const change = useChange(props, actions.deleteFunction, onClose);
  const [typed, setTyped] = useState('');
  const names = (list: readonly string[] | null) =>
    list === null ? t('deleteFunction.unread') : list.join(', ') || t('deleteFunction.none');
  const warm = (fn.provisioned ?? []).reduce((sum, { allocated }) => sum + allocated, 0);
  return (
    <ChangeDialog
      change={change}
      title={t('deleteFunction.title', { name: fn.name })}
      description={t('deleteFunction.text', { account: connection.name })}
      icon={<Trash2 aria-hidden />}
      submitLabel={t('page.delete')}
      onClose={onClose}
      onSubmit={() => change.submit({ typedName: typed })}
    >
      {uses.length > 0 ? (
        <Callout tone="warn">
          {t('change.whyNot', {
            rules: uses.length,
            list: uses.map(({ domain, url }) => `${domain}${url}`).join(', '),
          })}
        </Callout>
      ) : null}
      <section aria-label={t('deleteFunction.goes')}>
        <Facts>
          <FactRow name={t('deleteFunction.versions')}>
            {names(fn.versions.filter((version) => version !== '$LATEST'))}
          </FactRow>
          <FactRow name={t('deleteFunction.aliases')}>
            {names(fn.aliases?.map(({ name }) => name) ?? null)}
          </FactRow>
          <FactRow name={t('deleteFunction.warm')}>
            {fn.provisioned === null ? t('deleteFunction.unread') : warm}
          </FactRow>
          <FactRow name={t('deleteFunction.triggers')}>
            {names(
              fn.triggers?.filter(({ kind }) => kind !== 'clb').map(({ kind, name }) => `${kind} ${name}`) ??
                null,
            )}
          </FactRow>
          {leftBy === null ? null : (
            <FactRow name={t('deleteFunction.left')}>
              {t('deleteFunction.leftBy', { run: leftBy.runId })}
            </FactRow>
          )}
        </Facts>
      </section>
      <TypedName
        name={fn.name}
        typed={typed}
        onType={setTyped}
        error={change.fieldError('typedName', typed)}
      />
    </ChangeDialog>
  );
}
