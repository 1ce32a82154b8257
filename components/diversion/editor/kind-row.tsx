import { ArrowLeftRight, DoorOpen, Split } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useId } from 'react';
import type { Kind } from '@/lib/draft/draft';
import { FormRow } from './form-row';

const kinds = [
  { value: 'split', Icon: Split },
  { value: 'switch', Icon: ArrowLeftRight },
  { value: 'access', Icon: DoorOpen },
] as const;

type KindRowProps = { readonly kind: Kind; readonly onKind: (kind: Kind) => void };

/** The three kinds, each with what it does. */
export function KindRow({ kind, onKind }: KindRowProps) {
  const t = useTranslations('diversion');
  const name = useId();
  return (
    <FormRow title={t('kindLabel')}>
      <div role="radiogroup" aria-label={t('kindLabel')} className="grid gap-2 md:grid-cols-3">
        {kinds.map(({ value, Icon }) => (
          <label
            key={value}
            className="relative grid cursor-pointer grid-cols-[1.25rem_minmax(0,1fr)] gap-x-2 rounded-md border border-line-strong px-3 py-2 has-checked:border-accent has-checked:bg-accent-soft has-checked:ring-1 has-checked:ring-accent has-focus-visible:outline-2 has-focus-visible:outline-offset-1 has-focus-visible:outline-focus"
          >
            <input
              type="radio"
              name={name}
              aria-label={t(`kind.${value}.name`)}
              checked={value === kind}
              onChange={() => onKind(value)}
              className="absolute inset-0 cursor-pointer appearance-none rounded-md outline-hidden"
            />
            <Icon aria-hidden className="mt-0.5 size-4 text-ink-2" />
            <span className="grid">
              <strong className="text-13 font-semibold">{t(`kind.${value}.name`)}</strong>
              <span className="text-12 text-ink-2">{t(`kind.${value}.sub`)}</span>
            </span>
          </label>
        ))}
      </div>
    </FormRow>
  );
}
