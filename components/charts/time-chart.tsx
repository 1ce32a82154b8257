'use client';

import { useId } from 'react';
import {
  Area,
  AreaChart,
  CartesianGrid,
  ReferenceLine,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { axisText, tooltipLook } from './chart-look';

/**
 * The style of a line: `value` is solid; `cvm` solid, `function` hatched and `refused` on top of them, stacked; `total`
 * and `faint` are lines alone; `other` a dashed line, beside `value`; `plan` dashed steps; `bad` for errors; `forecast` a dotted line, `forecastStacked` several on
 * top of each other.
 */
export type ChartLook =
  | ('value' | 'cvm' | 'function' | 'refused' | 'total' | 'faint' | 'other' | 'plan' | 'bad')
  | ('forecast' | 'forecastStacked');
export type ChartSeries = { readonly key: string; readonly name: string; readonly look: ChartLook };

export type ChartPoint = {
  /** Epoch ms. */
  readonly at: number;
  /** By the keys of the series. null = unknown: the line has a gap there. */
  readonly values: Readonly<Record<string, number | null>>;
};

/** A level with its name. `isBad` = it must not be exceeded. */
export type ChartLimit = { readonly value: number; readonly label: string; readonly isBad: boolean };

export type ChartMark = {
  /** Epoch ms. */
  readonly at: number;
  readonly label: string;
  /** `now` is drawn solid. */
  readonly isNow?: boolean;
};

type TimeChartProps = {
  readonly points: readonly ChartPoint[];
  readonly series: readonly ChartSeries[];
  /** First and last instant of the scale, in epoch ms. */
  readonly from: number;
  readonly until: number;
  /** Top of the scale of values. */
  readonly top: number;
  readonly limits?: readonly ChartLimit[];
  readonly marks?: readonly ChartMark[];
  /** Hides the labels of the first and last instant, for a chart a few text lines high. */
  readonly isSmall?: boolean;
  readonly format: (value: number) => string;
  /** Formats the labels of the scale, if `format` is too long. */
  readonly formatTick?: (value: number) => string;
  readonly formatTime: (at: number) => string;
};

/** Keeps the label of a level readable over an area. */
const halo = { stroke: 'var(--surface)', strokeWidth: 3, paintOrder: 'stroke' } as const;

/** Values over time on a fixed scale, without animation. */
export function TimeChart({
  points,
  series,
  from,
  until,
  top,
  limits = [],
  marks = [],
  isSmall = false,
  format,
  formatTick = format,
  formatTime,
}: TimeChartProps) {
  const hatch = useId();
  return (
    // A tooltip stays where it was when the chart gets narrower.
    <ResponsiveContainer width="100%" height="100%" className="overflow-x-clip">
      <AreaChart
        data={[...points]}
        margin={{ top: isSmall ? 4 : 16, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <defs>
          <pattern
            id={hatch}
            width={5}
            height={5}
            patternUnits="userSpaceOnUse"
            patternTransform="rotate(45)"
          >
            <rect width={3} height={5} fill="var(--scf)" />
            <rect x={3} width={2} height={5} fill="var(--scf-stripe)" />
          </pattern>
        </defs>
        <CartesianGrid vertical={false} stroke="var(--line)" />
        <XAxis
          dataKey="at"
          type="number"
          scale="time"
          domain={[from, until]}
          allowDataOverflow
          ticks={[from, until]}
          tick={<EdgeTick from={from} formatTime={formatTime} />}
          height={20}
          interval={0}
          tickLine={false}
          axisLine={{ stroke: 'var(--line-strong)' }}
          hide={isSmall}
        />
        <YAxis
          width={72}
          domain={[0, top]}
          ticks={isSmall ? [0, top] : [0, top / 2, top]}
          tickFormatter={formatTick}
          tick={axisText}
          tickLine={false}
          axisLine={false}
        />
        <Tooltip
          cursor={{ stroke: 'var(--ink)', strokeWidth: 1 }}
          isAnimationActive={false}
          labelFormatter={(at) => formatTime(Number(at))}
          formatter={(value) => format(Number(value))}
          contentStyle={tooltipLook}
        />
        {series.map(({ key, name, look }) => (
          <Area
            key={key}
            dataKey={({ values }: ChartPoint) => values[key] ?? null}
            name={name}
            {...looks[look]}
            {...(look === 'function' ? { fill: `url(#${hatch})` } : {})}
            dot={points.length === 1}
            activeDot={{ r: 3 }}
            connectNulls={false}
            isAnimationActive={false}
          />
        ))}
        {limits.map(({ value, label, isBad }, index) => (
          <ReferenceLine
            key={`${value} ${label}`}
            y={value}
            stroke={isBad ? 'var(--bad)' : 'var(--ink-2)'}
            strokeDasharray="3 3"
            label={{
              value: label,
              // Labels of levels that are close to each other would overlap.
              position: index % 2 === 0 ? 'insideBottomRight' : 'insideBottomLeft',
              fontSize: 11,
              fill: isBad ? 'var(--bad-ink)' : 'var(--ink-2)',
              ...halo,
            }}
          />
        ))}
        {marks.map(({ at, label, isNow = false }) => (
          <ReferenceLine
            key={`${at} ${label}`}
            x={at}
            stroke={isNow ? 'var(--accent)' : 'var(--ink)'}
            {...(isNow ? {} : { strokeDasharray: '2 3' })}
            label={{ value: label, position: 'top', fontSize: 11, fill: 'var(--ink-2)' }}
          />
        ))}
      </AreaChart>
    </ResponsiveContainer>
  );
}

const dotted = {
  type: 'monotone',
  stroke: 'var(--ink)',
  strokeWidth: 2,
  strokeDasharray: '0.1 4',
  strokeLinecap: 'round',
  fill: 'none',
} as const;

const looks = {
  forecast: dotted,
  forecastStacked: { ...dotted, stackId: 'forecast' },
  cvm: { type: 'monotone', stackId: 'side', stroke: 'var(--cvm)', fill: 'var(--cvm)', fillOpacity: 0.82 },
  // The fill is the hatch pattern, whose id differs per chart.
  function: { type: 'monotone', stackId: 'side', stroke: 'var(--scf)', fillOpacity: 0.9 },
  refused: { type: 'monotone', stackId: 'side', stroke: 'var(--bad)', fill: 'var(--bad)', fillOpacity: 0.9 },
  total: { type: 'monotone', stroke: 'var(--ink)', strokeWidth: 1.5, fill: 'none' },
  faint: { type: 'monotone', stroke: 'var(--ink-3)', fill: 'none' },
  other: { type: 'monotone', stroke: 'var(--ink)', strokeWidth: 1.5, strokeDasharray: '5 3', fill: 'none' },
  plan: { type: 'stepAfter', stroke: 'var(--ink)', strokeDasharray: '4 3', fill: 'none' },
  bad: { type: 'monotone', stroke: 'var(--bad)', fill: 'var(--bad)', fillOpacity: 0.2 },
  value: {
    type: 'monotone',
    stroke: 'var(--accent)',
    strokeWidth: 1.5,
    fill: 'var(--accent)',
    fillOpacity: 0.12,
  },
} as const satisfies Readonly<Record<ChartLook, object>>;

type EdgeTickProps = {
  readonly from: number;
  readonly formatTime: (at: number) => string;
  /** Filled in by the axis. */
  readonly x?: number;
  readonly y?: number;
  readonly payload?: { readonly value: number };
};

/** Aligns the first label to start at its tick and the last to end there, so that both stay inside the plot. */
function EdgeTick({ from, formatTime, x = 0, y = 0, payload }: EdgeTickProps) {
  if (payload === undefined) return null;
  return (
    <text x={x} y={y} dy={10} textAnchor={payload.value === from ? 'start' : 'end'} {...axisText}>
      {formatTime(payload.value)}
    </text>
  );
}
