import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip, Status } from '@/components/ui/chip';
import { Copyable, Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import { getProbeUrl, type Probe, type ProbeAnswer } from '@/lib/estate/probe';
import type { RunView } from '@/lib/run/model/model';

type Asked = { readonly id: string; readonly probe: Probe; readonly answer: ProbeAnswer };

const verdicts = {
  http: { match: 'match', noMatch: 'noMatch' },
  dns: { match: 'dnsMatch', noMatch: 'dnsNoMatch' },
  ready: { match: 'readyMatch', noMatch: 'readyNoMatch' },
} as const;

/** Every probe that the run has sent from outside, with the response. */
export function ProbesPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.probes');
  const asked = [...run.apply, ...run.rollback].flatMap(({ step, probe }): Asked[] =>
    step.kind === 'probe' && probe !== null ? [{ id: step.id, probe: step.probe, answer: probe }] : [],
  );
  const passed = asked.filter(({ answer }) => answer.passed).length;
  const columns: readonly Column<Asked>[] = [
    {
      name: t('url'),
      cell: ({ probe }) => (
        <Mono>
          {probe.kind === 'http' ? getProbeUrl(probe) : null}
          {probe.kind === 'dns' ? t('dns', { type: probe.type, name: probe.name }) : null}
          {probe.kind === 'ready'
            ? t('ready', {
                function: `${probe.namespace}/${probe.name}:${probe.qualifier}`,
                instances: probe.expect.instances,
              })
            : null}
        </Mono>
      ),
    },
    { name: t('address'), cell: ({ answer }) => <Copyable value={answer.address} /> },
    { name: t('status'), cell: ({ answer }) => answer.status ?? t('none') },
    {
      name: t('body'),
      cell: ({ probe, answer }) => {
        const { match, noMatch } = verdicts[probe.kind];
        return <Status tone={answer.passed ? 'ok' : 'bad'}>{answer.passed ? t(match) : t(noMatch)}</Status>;
      },
    },
    {
      name: t('latency'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: ({ answer }) => formatDuration(answer.latencyMs),
    },
  ];
  return (
    <Panel
      title={t('title')}
      flush
      isFolded
      aside={
        <>
          {passed > 0 ? (
            <Chip tone="ok" icon={<CircleCheck aria-hidden />}>
              {t('pass', { count: passed })}
            </Chip>
          ) : null}
          {asked.length > passed ? (
            <Chip tone="bad" icon={<CircleX aria-hidden />}>
              {t('fail', { count: asked.length - passed })}
            </Chip>
          ) : null}
        </>
      }
    >
      <DataTable columns={columns} rows={asked} rowKey={({ id }) => id} none={t('empty')} />
    </Panel>
  );
}
