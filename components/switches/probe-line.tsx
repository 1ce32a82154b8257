import { useTranslations } from 'next-intl';
import { classes } from '@/components/ui/classes';
import type { ProbeHistory } from './health';

/** One square for each of the last probes: solid green if it passed, framed red if not. */
export function ProbeLine({ label, history }: { readonly label: string; readonly history: ProbeHistory }) {
  const t = useTranslations('switch.probes');
  const { answers } = history;
  const passed = answers.filter((answer) => answer.passed).length;
  const last = answers.at(-1);
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5 text-12">
      {last === undefined ? (
        <span className="text-ink-3">{t('none')}</span>
      ) : (
        <>
          <span aria-hidden className="flex gap-0.5">
            {answers.map((answer, index) => (
              <i
                // biome-ignore lint/suspicious/noArrayIndexKey: a window that slides has no better name for its places
                key={index}
                className={classes(
                  'size-1.75 rounded-[1px]',
                  answer.passed ? 'bg-ok' : 'bg-bad ring-1 ring-bad ring-offset-1 ring-offset-surface mx-0.5',
                )}
              />
            ))}
          </span>
          <span className={passed === answers.length ? undefined : 'font-medium text-bad-ink'}>
            {t('cells', { passed, count: answers.length })}
          </span>
          <span className="text-ink-2">{label}</span>
          <span className="text-ink-3 tabular-nums">
            {last.passed ? t('latency', { ms: last.latencyMs }) : last.failure}
          </span>
        </>
      )}
    </div>
  );
}
