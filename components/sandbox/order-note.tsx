import { useTranslations } from 'next-intl';
import type { OrderState } from './use-sandbox';

type OrderNoteProps = {
  readonly last: OrderState;
  /** What to say when it was taken; nothing where the page shows it anyway. */
  readonly done?: string;
};

/** What became of the last order: why it was not taken, that nobody knows, or that all is well. */
export function OrderNote({ last, done }: OrderNoteProps) {
  const t = useTranslations('sandbox');
  if (last.state === 'done' && done !== undefined) {
    return (
      <p role="status" className="text-12 text-ink-2">
        {done}
      </p>
    );
  }
  if (last.state !== 'refused' && last.state !== 'unknown') return null;
  return (
    <p role="alert" className="min-w-0 text-12 break-words text-bad-ink">
      {last.state === 'refused' ? last.text : t('unknown')}
    </p>
  );
}
