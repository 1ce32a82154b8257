'use client';

import { Minus, MoveRight, Plus } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { FieldChange } from '@/lib/estate/history/diff-estates';
import { useValueText } from './use-value-text';

/** The change of one field: its old and new value, or the items removed from and added to a list. */
export function FieldLines({ change }: { readonly change: FieldChange }) {
  const t = useTranslations('history');
  // Field names come from the data, so the key is no literal; `has` guards it, and a field without words shows its name.
  const key = `field.${change.field}`;
  return (
    <div className="grid gap-x-3 gap-y-0.5 py-0.5 md:grid-cols-[9rem_minmax(0,1fr)]">
      <dt className="text-ink-2">{t.has(key as never) ? t(key as never) : change.field}</dt>
      <dd className="min-w-0 break-words">
        {'removed' in change ? <Items {...change} /> : <Values {...change} />}
      </dd>
    </div>
  );
}

function Values({ before, after }: { readonly before?: unknown; readonly after?: unknown }) {
  const t = useTranslations('history');
  const text = useValueText();
  if (before === undefined) return <>{text.value(after)}</>;
  if (after === undefined) return <span className="text-ink-2">{text.value(before)}</span>;
  return (
    <>
      <span className="text-ink-2">
        <span className="sr-only">{t('was')} </span>
        {text.value(before)}
      </span>{' '}
      <MoveRight aria-hidden className="mx-1 inline size-3.5 text-ink-3" />
      <span className="sr-only">{t('is')} </span>
      <span className="font-medium">{text.value(after)}</span>
    </>
  );
}

type ItemsProps = { readonly removed: readonly unknown[]; readonly added: readonly unknown[] };

function Items({ removed, added }: ItemsProps) {
  const t = useTranslations('history.value');
  const text = useValueText();
  return (
    <ul className="grid gap-0.5">
      {removed.map((item) => (
        <li key={`- ${text.item(item)}`} className="text-ink-2">
          <Minus aria-hidden className="mr-1 inline size-3 text-ink-3" />
          <span className="sr-only">{t('gone')}: </span>
          {text.item(item)}
        </li>
      ))}
      {added.map((item) => (
        <li key={`+ ${text.item(item)}`} className="font-medium">
          <Plus aria-hidden className="mr-1 inline size-3 text-ink-3" />
          <span className="sr-only">{t('came')}: </span>
          {text.item(item)}
        </li>
      ))}
    </ul>
  );
}
