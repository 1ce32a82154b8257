import { useFormatter } from 'next-intl';

/** Formats an instant (epoch ms) as the time of day, in the cutover's time zone, otherwise in the viewer's. */
export function useClockTime(zone: string | undefined): (at: number) => string {
  const format = useFormatter();
  const timeZone = zone ?? Intl.DateTimeFormat().resolvedOptions().timeZone;
  return (at) =>
    format.dateTime(at, {
      timeZone,
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
      hourCycle: 'h23',
    });
}
