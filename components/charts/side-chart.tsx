'use client';

import { useId } from 'react';
import { Area, AreaChart, CartesianGrid, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';
import { axisText, tooltipLook } from './chart-look';

export type SidePoint = {
  /** Epoch ms. */
  readonly at: number;
  /** null = unknown: the area has a gap there. */
  readonly cvm: number | null;
  readonly function: number | null;
};

type SideChartProps = {
  readonly points: readonly SidePoint[];
  /** Top of the scale of values. */
  readonly top: number;
  readonly names: Readonly<Record<'cvm' | 'function', string>>;
  readonly format: (value: number) => string;
  readonly formatTime: (at: number) => string;
};

/** Both sides over time, stacked: CVM solid below, SCF hatched above. It is not animated, so that it can be read. */
export function SideChart({ points, top, names, format, formatTime }: SideChartProps) {
  const hatch = useId();
  return (
    <ResponsiveContainer width="100%" height="100%">
      <AreaChart
        data={[...points]}
        margin={{ top: 4, right: 4, bottom: 0, left: 0 }}
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
        <XAxis dataKey="at" type="number" scale="time" domain={['dataMin', 'dataMax']} hide />
        <YAxis
          width={64}
          domain={[0, top]}
          ticks={[0, top]}
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
          dataKey="cvm"
          name={names.cvm}
          stackId="side"
          type="monotone"
          stroke="var(--cvm)"
          fill="var(--cvm)"
          fillOpacity={0.82}
          connectNulls={false}
          isAnimationActive={false}
        />
        <Area
          dataKey="function"
          name={names.function}
          stackId="side"
          type="monotone"
          stroke="var(--scf)"
          fill={`url(#${hatch})`}
          fillOpacity={0.9}
          connectNulls={false}
          isAnimationActive={false}
        />
      </AreaChart>
    </ResponsiveContainer>
  );
}
