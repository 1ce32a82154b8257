import { useTranslations } from 'next-intl';
import type { PickerOption } from '@/components/ui/pickers/picker-option';
import type { RouteOption } from '@/lib/draft/options/route-options';

/** Returns a function that gives the options of a route to a picker, with the reasons why some can't serve as text. */
export function useMarked(): (options: readonly RouteOption[]) => readonly PickerOption[] {
  const t = useTranslations('diversion.ineligible');
  return (options) =>
    options.map(({ problem, value, label, hint }) => ({
      value,
      label,
      hint,
      reason: problem === undefined ? undefined : t(problem),
    }));
}
