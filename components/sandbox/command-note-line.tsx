import { useTranslations } from 'next-intl';
import type { SandboxCommandState } from './use-sandbox';

type CommandNoteLineProps = {
  readonly last: SandboxCommandState;
  /** The text shown on success; absent if the page shows the result anyway. */
  readonly done?: string;
};

/** The outcome of the last command: why it was rejected, that it is unknown, or that it succeeded. */
export function CommandNoteLine({ last, done }: CommandNoteLineProps) {
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
