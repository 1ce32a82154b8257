'use client';

import { Autocomplete } from '@base-ui/react/autocomplete';
import { Dialog } from '@base-ui/react/dialog';
import { useQuery } from '@tanstack/react-query';
import {
  ArrowLeftRight,
  FileText,
  FunctionSquare,
  Globe,
  type LucideIcon,
  Network,
  PanelTop,
  Play,
  Search,
  Split,
  Zap,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useMemo, useRef, useState } from 'react';
import { classes } from '@/components/ui/classes';
import { KeyNames } from '@/components/ui/kbd';
import { searchQuery } from '@/lib/client/page-queries';
import { type SearchKind, type SearchView, searchKinds } from '@/lib/contract/search';
import type { PageAction } from './page-actions';
import type { PageEntry } from './pages';

type Kind = 'action' | 'page' | SearchKind;

/** A line of the palette. */
type Line = {
  readonly key: string;
  readonly kind: Kind;
  readonly label: string;
  readonly note: string | null;
  /** Its keys, as in `G E`. */
  readonly keys: string | null;
  /** The reason why it can't be chosen now; null = it can. */
  readonly whyNot: string | null;
  readonly choose: () => void;
};
type Group = { readonly kind: Kind; readonly items: readonly Line[] };

const icons: Readonly<Record<Kind, LucideIcon>> = {
  action: Zap,
  page: PanelTop,
  diversion: Split,
  plan: FileText,
  run: Play,
  switch: ArrowLeftRight,
  domain: Globe,
  loadBalancer: Network,
  function: FunctionSquare,
};

/** The server's limit. */
const queryMax = 100;

const noHits: SearchView['hits'] = [];

/**
 * Returns the lines that a query finds, by kind: actions and pages by their words, objects as the server found them.
 */
function useGroups(
  pages: readonly PageEntry[],
  actions: readonly PageAction[],
  query: string,
  hits: SearchView['hits'],
): readonly Group[] {
  const t = useTranslations('palette');
  const router = useRouter();
  return useMemo(() => {
    const open = (href: string) => () => router.push(href);
    const words = query.toLowerCase().split(/\s+/).filter(Boolean);
    const fits = ({ label }: Line) => words.every((word) => label.toLowerCase().includes(word));
    const own: readonly Group[] = [
      {
        kind: 'action',
        items: actions.map(({ id, label, keys, whyNot, act }) => ({
          key: `action ${id}`,
          kind: 'action' as const,
          label,
          note: null,
          keys: keys ?? null,
          whyNot,
          choose: act,
        })),
      },
      {
        kind: 'page',
        items: pages.map(({ page, shortcut, href }) => ({
          key: `page ${page}`,
          kind: 'page' as const,
          label: t(`page.${page}`),
          note: null,
          keys: shortcut,
          whyNot: null,
          choose: open(href),
        })),
      },
    ];
    const found = searchKinds.map(
      (kind): Group => ({
        kind,
        items: (query === '' ? noHits : hits)
          .filter((hit) => hit.kind === kind)
          .map(({ key, name, note, href }) => ({
            key: `${kind} ${key}`,
            kind,
            label: name,
            note,
            keys: null,
            whyNot: null,
            choose: open(href),
          })),
      }),
    );
    return [...own.map(({ kind, items }): Group => ({ kind, items: items.filter(fits) })), ...found].filter(
      ({ items }) => items.length > 0,
    );
  }, [actions, pages, hits, query, router, t]);
}

type PaletteDialogProps = {
  readonly pages: readonly PageEntry[];
  /** Actions of this page. */
  readonly actions: readonly PageAction[];
  readonly onClose: () => void;
};

/** Finds pages, actions and objects by words. The best match is marked: Enter chooses it. */
export function PaletteDialog({ pages, actions, onClose }: PaletteDialogProps) {
  const t = useTranslations('palette');
  const [text, setText] = useState('');
  const input = useRef<HTMLInputElement>(null);
  const query = text.trim().slice(0, queryMax);
  const { data, isError, isFetching, isPlaceholderData } = useQuery(searchQuery(query));
  const groups = useGroups(pages, actions, query, data?.hits ?? noHits);
  const count = groups.reduce((sum, { items }) => sum + items.length, 0);
  const more = query === '' ? [] : (data?.more ?? []);
  const isSearching = query !== '' && isFetching && (data === undefined || isPlaceholderData);

  function choose(line: Line) {
    if (line.whyNot !== null) return;
    onClose();
    line.choose();
  }

  return (
    <Dialog.Root open onOpenChange={(isOpen) => (isOpen ? undefined : onClose())}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fixed inset-0 z-40 bg-scrim" />
        <Dialog.Popup
          aria-label={t('title')}
          initialFocus={input}
          className="fixed top-[10vh] left-1/2 z-50 flex max-h-[76vh] w-160 max-w-[calc(100vw-1rem)] -translate-x-1/2 flex-col overflow-hidden rounded-xl border border-line-strong bg-raised shadow-dialog outline-hidden"
        >
          <Autocomplete.Root
            inline
            open
            mode="none"
            autoHighlight="always"
            keepHighlight
            items={groups}
            itemToStringValue={(line: Line) => line.label}
            value={text}
            onValueChange={(value, { reason }) => {
              // Choosing a line closes the palette; its text is not a query.
              if (reason !== 'item-press') setText(value);
            }}
          >
            <div className="flex items-center gap-2 border-b border-line px-4">
              <Search aria-hidden className="size-4 shrink-0 text-ink-3" />
              <Autocomplete.Input
                ref={input}
                aria-label={t('title')}
                placeholder={t('hint')}
                maxLength={queryMax}
                autoComplete="off"
                spellCheck={false}
                className="h-12 min-w-0 flex-1 bg-transparent text-14 outline-hidden placeholder:text-ink-3"
              />
            </div>
            <Autocomplete.Status className="sr-only">
              {isSearching ? t('searching') : t('count', { count })}
            </Autocomplete.Status>
            {isError && query !== '' ? (
              <p role="alert" className="border-b border-line bg-warn-soft px-4 py-2 text-12 text-warn-ink">
                {t('failed')}
              </p>
            ) : null}
            <Autocomplete.List
              aria-label={t('results')}
              className="min-h-0 flex-1 scroll-py-8 overflow-y-auto py-1 outline-hidden"
            >
              {(group: Group) => (
                <Autocomplete.Group key={group.kind} items={group.items} className="pb-1">
                  <Autocomplete.GroupLabel className="px-4 pt-2 pb-1 text-11 font-semibold text-ink-3">
                    {t(`group.${group.kind}`)}
                  </Autocomplete.GroupLabel>
                  <Autocomplete.Collection>
                    {(line: Line) => <PaletteLine key={line.key} line={line} onChoose={() => choose(line)} />}
                  </Autocomplete.Collection>
                  {more.some((kind) => kind === group.kind) ? (
                    <p className="px-4 py-1 text-12 text-ink-3">
                      {t('more', { kind: t(`group.${group.kind}`) })}
                    </p>
                  ) : null}
                </Autocomplete.Group>
              )}
            </Autocomplete.List>
            {count === 0 && !isSearching ? (
              <p className="px-4 pb-4 text-ink-2">{t('none', { query })}</p>
            ) : null}
          </Autocomplete.Root>
          <p className="border-t border-line bg-sunken px-4 py-2 text-12 text-ink-2 max-md:hidden">
            {t('keys')}
          </p>
        </Dialog.Popup>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

type PaletteLineProps = { readonly line: Line; readonly onChoose: () => void };

/** A line that can't be chosen stays in the list, so that its reason can be read. */
function PaletteLine({ line, onChoose }: PaletteLineProps) {
  const Icon = icons[line.kind];
  const isOff = line.whyNot !== null;
  return (
    <Autocomplete.Item
      value={line}
      aria-disabled={isOff || undefined}
      onClick={onChoose}
      className="mx-1 grid min-h-9 grid-cols-[1rem_minmax(0,1fr)_auto] items-center gap-x-3 rounded-md px-3 py-1.5 outline-hidden select-none data-highlighted:bg-accent-soft"
    >
      <Icon aria-hidden className="size-4 text-ink-3" />
      <span className="flex min-w-0 flex-wrap items-baseline gap-x-2">
        <span className={classes('truncate', isOff ? 'text-ink-off' : 'font-medium')}>{line.label}</span>{' '}
        {isOff ? (
          <span className="text-12 text-ink-2">{line.whyNot}</span>
        ) : line.note === null ? null : (
          <span className="truncate text-12 text-ink-3">{line.note}</span>
        )}
      </span>
      {line.keys === null ? null : <KeyNames keys={line.keys} />}
    </Autocomplete.Item>
  );
}
