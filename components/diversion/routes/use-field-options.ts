import type { OptionsForm } from '@/components/diversion/draft/ask-draft';
import { useOptions } from '@/components/diversion/draft/use-options';
import type { OptionSource } from '@/components/ui/pickers/option-source';
import type { OptionsOf } from '@/lib/draft/options/options-question';
import { useMarked } from './use-marked';

/** Provides the options of a route's field as its list shows them. */
export function useFieldOptions({ place, draft }: OptionsForm, of: OptionsOf): OptionSource {
  const mark = useMarked();
  const source = useOptions(place, draft, of);
  return { ...source, options: mark(source.options) };
}
