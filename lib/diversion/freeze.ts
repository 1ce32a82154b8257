import { z } from 'zod';
import { Zone } from './zone';

const Minute = z
  .number('freeze.minute')
  .int('freeze.minute')
  .min(0, 'freeze.minute')
  .max(1440, 'freeze.minute');

export const FreezeSpan = z.discriminatedUnion('kind', [
  /** From one instant to another. ISO, UTC. */
  z
    .object({
      kind: z.literal('once'),
      from: z.iso.datetime('instant.invalid'),
      to: z.iso.datetime('instant.invalid'),
    })
    .refine(({ from, to }) => Date.parse(to) > Date.parse(from), {
      message: 'freeze.endsBefore',
      path: ['to'],
    }),
  /**
   * Every day between two times of day in a zone, in minutes after midnight; it crosses midnight where `to` is not
   * later. `weekdays` are those on which it begins, 1 = Monday to 7 = Sunday (ISO 8601); without them it is every day.
   */
  z.object({
    kind: z.literal('daily'),
    fromMinute: Minute,
    toMinute: Minute,
    zone: Zone,
    weekdays: z
      .array(z.int().min(1, 'freeze.weekday').max(7, 'freeze.weekday'))
      .min(1, 'freeze.noWeekday')
      .max(7, 'freeze.weekday')
      .readonly()
      .optional(),
  }),
]);
export type FreezeSpan = z.infer<typeof FreezeSpan>;
