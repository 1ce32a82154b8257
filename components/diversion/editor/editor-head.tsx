import { useTranslations } from 'next-intl';
import { fieldId } from '@/components/diversion/draft/field-id';
import { Input } from '@/components/ui/input';
import { AsOf } from '@/components/ui/time';
import type { Draft } from '@/lib/draft/draft';

type EditorHeadProps = {
  readonly draft: Draft;
  readonly takenAt: string;
  readonly account: string;
  readonly isReading: boolean;
  readonly onName: (name: string) => void;
};

/** The diversion's name, and the snapshot of the estate on which it is planned. */
export function EditorHead({ draft, takenAt, account, isReading, onName }: EditorHeadProps) {
  const t = useTranslations('diversion');
  return (
    <div className="min-w-0">
      <h1 className="sr-only">{t('title')}</h1>
      <Input
        id={fieldId('name')}
        aria-label={t('nameLabel')}
        aria-invalid={draft.name.trim() === '' || undefined}
        value={draft.name}
        onChange={(event) => onName(event.target.value)}
        className="max-w-120 [&_input]:-ml-[11px] [&_input]:border-transparent [&_input]:bg-transparent [&_input]:text-16 [&_input]:font-semibold [&_input:hover]:border-line-strong [&_input:hover]:bg-surface md:[&_input]:text-20"
      />
      <div className="mt-0.5 flex flex-wrap items-center gap-x-3 gap-y-1 text-12 text-ink-2">
        <span>{t('estateAt', { account })}</span>
        <AsOf at={takenAt} />
        {isReading ? <span role="status">{t('estateRefreshing')}</span> : null}
      </div>
    </div>
  );
}
