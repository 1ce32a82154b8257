'use client';

import {
  Bar,
  BarChart,
  CartesianGrid,
  LabelList,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { axisText, labelText, tooltipLook } from '@/components/charts/chart-look';

export type DurationRow = {
  readonly id: string;
  readonly name: string;
  readonly seconds: number;
  readonly forecastS: number;
};

type StepDurationsChartProps = {
  readonly rows: readonly DurationRow[];
  readonly tookLabel: string;
  readonly forecastLabel: string;
  readonly format: (seconds: number) => string;
};

/**
 * Solid bars for the durations of steps, a hatched background for the forecast. It is not animated, so
 * that it can be read while it updates.
 */
export function StepDurationsChart({ rows, tookLabel, forecastLabel, format }: StepDurationsChartProps) {
  // The figure is at the end of the longer of both bars, so that it covers neither.
  const labelled = rows.map((row) => ({
    ...row,
    besideForecast: row.forecastS >= row.seconds ? format(row.seconds) : '',
    besideTook: row.forecastS < row.seconds ? format(row.seconds) : '',
  }));
  return (
    <ResponsiveContainer width="100%" height="100%">
      <BarChart
        data={labelled}
        layout="vertical"
        barGap={-12}
        margin={{ top: 0, right: 56, bottom: 0, left: 0 }}
        accessibilityLayer={false}
      >
        <CartesianGrid horizontal={false} stroke="var(--line)" />
        <XAxis
          type="number"
          height={20}
          domain={[0, 'dataMax']}
          unit=" s"
          tick={axisText}
          tickLine={false}
          axisLine={false}
          allowDecimals={false}
        />
        <YAxis type="category" dataKey="name" width={176} tick={axisText} tickLine={false} axisLine={false} />
        <Tooltip
          cursor={{ fill: 'var(--hover)' }}
          isAnimationActive={false}
          formatter={(value) => format(Number(value))}
          contentStyle={tooltipLook}
        />
        <Bar
          dataKey="forecastS"
          name={forecastLabel}
          barSize={12}
          fill="var(--line)"
          stroke="var(--line-strong)"
          isAnimationActive={false}
        >
          <LabelList dataKey="besideForecast" position="right" style={labelText} />
        </Bar>
        <Bar dataKey="seconds" name={tookLabel} barSize={12} fill="var(--accent)" isAnimationActive={false}>
          <LabelList dataKey="besideTook" position="right" style={labelText} />
        </Bar>
      </BarChart>
    </ResponsiveContainer>
  );
}
