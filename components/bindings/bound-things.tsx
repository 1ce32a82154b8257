'use client';

import { CornerDownRight, Group } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { KindMark } from '@/components/ui/chip';
import type { BoundThing } from '@/lib/estate/bindings/bindings';

/** The type of a target that is no server. */
const typeText = (type: string | null) => (type === null || type === 'CVM' ? [] : [type]);

/** The resources a rule is bound to: the first one and the number of others. Pointing at it shows all of them. */
export function BoundThings({ bound }: { readonly bound: readonly BoundThing[] }) {
  const t = useTranslations('bindings');
  const [first] = bound;
  if (first === undefined) return <span className="text-ink-3">{t('nothingBound')}</span>;
  const kinds = [...new Set(bound.map(({ kind }) => kind))];
  const all = bound.map(({ type, text, weight }) =>
    [...typeText(type), text, ...(weight === null ? [] : [`(${t('weight', { weight })})`])].join(' '),
  );
  return (
    <span title={all.join('\n')} className="inline-flex max-w-full items-center gap-1.5">
      {kinds.map((kind) => (
        <BoundMark key={kind} kind={kind} />
      ))}
      {typeText(first.type).map((type) => (
        <span key={type} className="text-ink-2">
          {type}
        </span>
      ))}
      <span className="truncate font-semibold">{first.text}</span>
      {bound.length > 1 ? <span className="text-ink-3">{t('more', { count: bound.length - 1 })}</span> : null}
    </span>
  );
}

function BoundMark({ kind }: Pick<BoundThing, 'kind'>) {
  switch (kind) {
    case 'cvm':
      return <KindMark kind="cvm" />;
    case 'function':
      return <KindMark kind="scf" />;
    case 'redirect':
      return <CornerDownRight aria-hidden className="size-3 shrink-0 text-ink-3" />;
    case 'targetGroup':
      return <Group aria-hidden className="size-3 shrink-0 text-ink-3" />;
  }
}
