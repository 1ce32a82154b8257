import { useTranslations } from 'next-intl';
import { Status, type StatusTone } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { Time } from '@/components/ui/time';
import type { AnswerView, RunConvergenceView, VantageView } from '@/lib/contract/run-convergence';
import type { AnswerVerdict } from '@/lib/run/model/convergence';

const tones: Readonly<Record<AnswerVerdict, StatusTone>> = {
  current: 'ok',
  stale: 'warn',
  other: 'warn',
  silent: 'bad',
};
/** The maximum number of answers of a vantage point that are listed; those that are not current come first. */
const listedMax = 5;

/** Each vantage point with its newest answers, and when it was asked. */
export function VantageTable({ view }: { readonly view: Pick<RunConvergenceView, 'vantages'> }) {
  const t = useTranslations('run.convergence');
  const columns: readonly Column<VantageView>[] = [
    {
      name: t('vantage'),
      cell: ({ kind, name, address }) => (
        <span className="grid min-w-0">
          <span className="font-medium break-words">{kind === 'own' ? t('kind.own') : name}</span>
          <span className="text-ink-2">
            {kind === 'own' ? null : `${t(`kind.${kind}`)} `}
            {address === null ? null : <Mono className="break-all">{address}</Mono>}
          </span>
        </span>
      ),
    },
    { name: t('answers'), cell: ({ answers }) => <Answers answers={answers} /> },
    {
      name: t('asked'),
      cell: ({ at, isOld }) => (
        <span className="grid gap-0.5">
          <Time at={at} />
          {isOld ? <Status tone="off">{t('old')}</Status> : null}
        </span>
      ),
    },
  ];
  return (
    <DataTable
      label={t('vantages')}
      columns={columns}
      rows={view.vantages}
      rowKey={({ kind, name }) => `${kind} ${name}`}
    />
  );
}

function Answers({ answers }: { readonly answers: readonly AnswerView[] }) {
  const t = useTranslations('run.convergence');
  const order = ({ verdict }: AnswerView) => (verdict === 'current' ? 1 : 0);
  const listed = answers.toSorted((a, b) => order(a) - order(b)).slice(0, listedMax);
  return (
    <ul className="grid min-w-0 gap-1">
      {listed.map(({ name, verdict, values, ttlS, failure, isOld }) => (
        <li key={name} className="min-w-0 break-words">
          <Status tone={isOld ? 'off' : tones[verdict]}>{t(`verdict.${verdict}`)}</Status>{' '}
          <span className="text-ink-2">
            <Mono>{name}</Mono>{' '}
            {values === null ? (
              failure
            ) : values.length === 0 ? (
              t('noRecord')
            ) : (
              <Mono>{values.join(', ')}</Mono>
            )}
            {verdict !== 'stale' || ttlS === null ? null : <> {t('ttl', { ttl: ttlS })}</>}
          </span>
        </li>
      ))}
    </ul>
  );
}
