'use client';

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

export type TimePoint = {
  /** Epoch ms. */
  readonly at: number;
  /** null = unknown: the line has a gap there. */
  readonly value: number | null;
};

type TimeChartProps = {
  readonly points: readonly TimePoint[];
  /** First and last instant of the scale, in epoch ms. */
  readonly from: number;
  readonly until: number;
  /** Top of the scale of values. */
  readonly top: number;
  readonly name: string;
  /** A level that must not be exceeded, with its name. */
  readonly limit: { readonly value: number; readonly label: string } | null;
  /** Named instants; `now` is drawn solid. */
  readonly marks: readonly { readonly at: number; readonly label: string; readonly isNow: boolean }[];
  readonly format: (value: number) => string;
  readonly formatTime: (at: number) => string;
};

/** One value over time in ink, on a fixed scale. It is not animated, so that it can be read. */
export function TimeChart({
  points,
  from,
  until,
  top,
  name,
  limit,
  marks,
  format,
  formatTime,
}: TimeChartProps) {
  return (
    <ResponsiveContainer width="100%" height="100%">
      <AreaChart
        data={[...points]}
        margin={{ top: 16, right: 8, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
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
        />
        <YAxis
          width={72}
          domain={[0, top]}
          ticks={[0, top / 2, top]}
          tickFormatter={format}
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
        <Area
          dataKey="value"
          name={name}
          type="monotone"
          stroke="var(--accent)"
          strokeWidth={1.5}
          fill="var(--accent)"
          fillOpacity={0.12}
          dot={points.length === 1}
          activeDot={{ r: 3 }}
          connectNulls={false}
          isAnimationActive={false}
        />
        {limit === null ? null : (
          <ReferenceLine
            y={limit.value}
            stroke="var(--bad)"
            strokeDasharray="3 3"
            label={{
              value: limit.label,
              position: 'insideBottomRight',
              fontSize: 11,
              fill: 'var(--bad-ink)',
            }}
          />
        )}
        {marks.map(({ at, label, isNow }) => (
          <ReferenceLine
            key={label}
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
