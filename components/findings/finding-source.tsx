import { useTranslations } from 'next-intl';
import type { Finding } from '@/lib/preflight/model/model';

/** The reason for a check, in one sentence, and the public source of its rule. */
export function FindingSource({
  finding: { check, source },
}: {
  readonly finding: Pick<Finding, 'check' | 'source'>;
}) {
  const t = useTranslations('preflight');
  return (
    <span className="text-ink-3">
      {t(`about.${check}`)}{' '}
      <a
        href={source}
        target="_blank"
        rel="noreferrer"
        aria-label={t('sourceOf', { check: t(`check.${check}`) })}
        className="underline underline-offset-2"
      >
        {t('source')}
      </a>
    </span>
  );
}
