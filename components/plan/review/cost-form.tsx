'use client';

import { useQuery } from '@tanstack/react-query';
import { useFormatter, useTranslations } from 'next-intl';
import { useState } from 'react';
import { durationText, parseDuration } from '@/components/ui/duration-text';
import { TextField } from '@/components/ui/forms/text-field';
import { Panel } from '@/components/ui/panel';
import { type Column, DataTable } from '@/components/ui/tables/data-table';
import {
  type CostLine,
  type CostUnknown,
  type EventParts,
  eventCost,
} from '@/lib/capacity/prices/event-cost';
import { testInvocationsQuery } from '@/lib/client/editor-queries';
import { assumedResponseKb } from '@/lib/estate/facts/limits';
import type { TestInvocation } from '@/lib/estate/functions/test-invocation';

/** A function that a plan calls. */
export type CalledFunction = Pick<TestInvocation, 'region' | 'namespace' | 'name'> & {
  readonly connectionId: string | undefined;
  /** The version that is called; null = unknown. */
  readonly version: string | null;
};

export type CostFormProps = {
  readonly connectionId: string;
  readonly parts: EventParts;
  readonly called: readonly CalledFunction[];
  /** The proposed time of warming before it begins, in seconds. */
  readonly prewarmS: number;
  readonly averageRps: number | null | undefined;
  readonly drainS: number;
  readonly keepAliveS: number;
};

/** As long as a cutover is proposed to be. */
const heldDefault = '2 h';

/** The longest duration of the newest valid test invocations of the plan's functions. */
function measuredMs(
  called: readonly CalledFunction[],
  testInvocations: readonly TestInvocation[],
): number | null {
  const durations = called.map(
    ({ connectionId, region, namespace, name, version }) =>
      testInvocations.find(
        (testInvocation) =>
          testInvocation.connectionId === connectionId &&
          testInvocation.region === region &&
          testInvocation.namespace === namespace &&
          testInvocation.name === name &&
          testInvocation.version === version &&
          testInvocation.verdict.kind === 'kept',
      )?.durationMs,
  );
  const known = durations.filter((each) => each !== undefined);
  return known.length === 0 || known.length < durations.length ? null : Math.max(...known);
}

/** Parses a typed number; returns null, for unknown, if the text is empty or not a number. */
function numberOf(text: string): number | null {
  const value = Number(text.replaceAll(',', ''));
  return text.trim() === '' || !Number.isFinite(value) || value < 0 ? null : value;
}

/** The duration and load of a plan's event, and the resulting cost. */
export function CostForm(props: CostFormProps) {
  const t = useTranslations('plan.eventCost');
  const format = useFormatter();
  const { connectionId, parts, called, averageRps, drainS, keepAliveS } = props;
  const { data: testInvocations } = useQuery(testInvocationsQuery(connectionId));
  const measured = measuredMs(called, testInvocations?.judged ?? []);
  const [held, setHeld] = useState(heldDefault);
  const [prewarm, setPrewarm] = useState(() => durationText(props.prewarmS));
  const [rps, setRps] = useState(() => String(averageRps ?? ''));
  const [responseKb, setResponseKb] = useState(String(assumedResponseKb));
  const [callMs, setCallMs] = useState('');
  const [heldS, prewarmS] = [parseDuration(held), parseDuration(prewarm)];
  const cost =
    heldS === null || prewarmS === null
      ? null
      : eventCost(parts, {
          heldS,
          prewarmS,
          averageRps: numberOf(rps),
          responseKb: numberOf(responseKb) ?? assumedResponseKb,
          callMs: numberOf(callMs) ?? measured,
          drainS,
          keepAliveS,
        });
  const usd = (value: number) => format.number(value, { style: 'currency', currency: 'USD' });
  const timeouts = parts.functions.map(({ timeoutS }) => timeoutS * 1000);
  return (
    <Panel
      title={t('title')}
      flush
      aside={
        cost === null || cost.lines.length === 0 ? null : (
          <span className="text-12 font-semibold tabular-nums">{t('total', { usd: usd(cost.usd) })}</span>
        )
      }
      footer={t('foot')}
    >
      <div className="grid grid-cols-2 gap-3 border-b border-line px-4 py-3 md:grid-cols-5">
        <TextField
          label={t('held')}
          {...(heldS === null ? { error: t('duration') } : {})}
          size="sm"
          value={held}
          onType={setHeld}
        />
        <TextField
          label={t('prewarm')}
          {...(prewarmS === null ? { error: t('duration') } : {})}
          size="sm"
          value={prewarm}
          onType={setPrewarm}
        />
        <NumberField label={t('load')} unit={t('loadUnit')} text={rps} onChange={setRps} />
        <NumberField label={t('response')} unit="KB" text={responseKb} onChange={setResponseKb} />
        {parts.functions.length === 0 ? null : (
          <NumberField
            label={t('call')}
            unit="ms"
            text={callMs}
            onChange={setCallMs}
            placeholder={String(measured ?? Math.max(...timeouts))}
          />
        )}
      </div>
      {cost === null ? null : (
        <>
          <CostTable lines={cost.lines} usd={usd} />
          <UnknownList unknown={cost.unknown} />
        </>
      )}
    </Panel>
  );
}

type NumberFieldProps = {
  readonly label: string;
  readonly unit: string;
  readonly text: string;
  readonly onChange: (text: string) => void;
  readonly placeholder?: string;
};

function NumberField({ label, unit, text, onChange, placeholder }: NumberFieldProps) {
  const t = useTranslations('plan.eventCost');
  const isWrong = text.trim() !== '' && numberOf(text) === null;
  return (
    <TextField
      label={label}
      {...(isWrong ? { error: t('number') } : {})}
      size="sm"
      inputMode="decimal"
      unit={unit}
      value={text}
      onType={onChange}
      {...(placeholder === undefined ? {} : { placeholder })}
    />
  );
}

type CostTableProps = { readonly lines: readonly CostLine[]; readonly usd: (value: number) => string };

function CostTable({ lines, usd }: CostTableProps) {
  const t = useTranslations('plan.eventCost');
  const columns: readonly Column<CostLine>[] = [
    {
      name: t('item'),
      cell: ({ item, name, region }) => (
        <>
          <span className="font-medium">{t(`items.${item}`)}</span>{' '}
          <span className="text-ink-2">
            {name}, {region}
          </span>
        </>
      ),
    },
    {
      name: t('quantity'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: ({ item, quantity }) => t(`quantities.${item}`, { quantity }),
    },
    {
      name: t('price'),
      className: 'whitespace-nowrap',
      cell: ({ item, price }) => (
        <>
          <a
            href={price.source}
            target="_blank"
            rel="noreferrer"
            className="underline decoration-line underline-offset-2"
          >
            {t(`prices.${item}`, { usd: item === 'calls' ? price.usd * 10_000 : price.usd })}
          </a>{' '}
          <span className="text-ink-2">{t('asOf', { date: price.asOf })}</span>
        </>
      ),
    },
    {
      name: t('usd'),
      isNumber: true,
      className: 'whitespace-nowrap',
      cell: (line) => usd(line.usd),
    },
  ];
  return (
    <DataTable
      columns={columns}
      rows={lines}
      rowKey={({ item, region, name }) => `${item} ${region} ${name}`}
      none={t('nothing')}
    />
  );
}

function UnknownList({ unknown }: { readonly unknown: readonly CostUnknown[] }) {
  const t = useTranslations('plan.eventCost');
  return (
    <ul aria-label={t('unknownTitle')} className="grid gap-1 border-t border-line px-4 py-2.5 text-12">
      {unknown.map(({ why, of }) => (
        <li key={`${why} ${of}`} className="text-ink-2">
          {t(`unknown.${why}`, { of })}
        </li>
      ))}
    </ul>
  );
}
