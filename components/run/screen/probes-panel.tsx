import { CircleCheck, CircleX } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Chip, Status } from '@/components/ui/chip';
import { Mono } from '@/components/ui/copyable';
import { formatDuration } from '@/components/ui/format-time';
import { Panel } from '@/components/ui/panel';
import { Table, Td, Th, Thead, Tr } from '@/components/ui/table';
import type { Probe, ProbeAnswer } from '@/lib/estate/probe';
import type { RunView } from '@/lib/run/model/model';

type Asked = { readonly id: string; readonly probe: Probe; readonly answer: ProbeAnswer };

/** Every probe that the run has sent from outside, with the response. */
export function ProbesPanel({ run }: { readonly run: RunView }) {
  const t = useTranslations('run.probes');
  const asked = [...run.apply, ...run.revert].flatMap(({ step, probe }): Asked[] =>
    step.kind === 'probe' && probe !== null ? [{ id: step.id, probe: step.probe, answer: probe }] : [],
  );
  const passed = asked.filter(({ answer }) => answer.passed).length;
  return (
    <Panel
      title={t('title')}
      flush
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
      {asked.length === 0 ? (
        <p className="px-4 py-3 text-12 text-ink-2">{t('empty')}</p>
      ) : (
        <Table>
          <Thead>
            <tr>
              <Th>{t('url')}</Th>
              <Th>{t('address')}</Th>
              <Th>{t('status')}</Th>
              <Th>{t('body')}</Th>
              <Th className="text-right">{t('latency')}</Th>
            </tr>
          </Thead>
          <tbody>
            {asked.map((row) => (
              <ProbeRow key={row.id} asked={row} />
            ))}
          </tbody>
        </Table>
      )}
    </Panel>
  );
}

const verdicts = {
  http: { match: 'match', noMatch: 'noMatch' },
  dns: { match: 'dnsMatch', noMatch: 'dnsNoMatch' },
  ready: { match: 'readyMatch', noMatch: 'readyNoMatch' },
} as const;

function ProbeRow({ asked: { probe, answer } }: { readonly asked: Asked }) {
  const t = useTranslations('run.probes');
  const { match, noMatch } = verdicts[probe.kind];
  return (
    <Tr>
      <Td label={t('url')}>
        <Mono>
          {probe.kind === 'http' ? `${probe.scheme}://${probe.host}${probe.path}` : null}
          {probe.kind === 'dns' ? t('dns', { type: probe.type, name: probe.name }) : null}
          {probe.kind === 'ready'
            ? t('ready', {
                function: `${probe.namespace}/${probe.name}:${probe.qualifier}`,
                instances: probe.expect.instances,
              })
            : null}
        </Mono>
      </Td>
      <Td label={t('address')}>
        <Mono>{answer.address}</Mono>
      </Td>
      <Td label={t('status')}>{answer.status ?? t('none')}</Td>
      <Td label={t('body')}>
        <Status tone={answer.passed ? 'ok' : 'bad'}>{answer.passed ? t(match) : t(noMatch)}</Status>
      </Td>
      <Td label={t('latency')} className="text-right whitespace-nowrap tabular-nums">
        {formatDuration(answer.latencyMs)}
      </Td>
    </Tr>
  );
}
