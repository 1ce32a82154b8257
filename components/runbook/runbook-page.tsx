import type { ReactNode } from 'react';
import { PageFrame } from '@/components/ui/page-header';
import type { RunbookBlock, RunbookText } from '@/lib/contract/runbook';

/** The runbook as a page, with an anchor at each heading. */
export function RunbookPage({ blocks }: { readonly blocks: readonly RunbookBlock[] }) {
  return (
    <PageFrame>
      <article className="grid max-w-180 min-w-0 grid-cols-[minmax(0,1fr)] gap-3 rounded-lg border border-line bg-surface px-5 py-4 text-14 leading-5.5">
        {blocks.map((block, nth) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the blocks of a page that never changes have no other name
          <Block key={nth} block={block} />
        ))}
      </article>
    </PageFrame>
  );
}

function Block({ block }: { readonly block: RunbookBlock }): ReactNode {
  switch (block.kind) {
    case 'heading': {
      // The title of the file is the page's title in the bar above.
      const Heading = block.level <= 2 ? 'h2' : 'h3';
      return (
        <Heading id={block.id} className="scroll-mt-16 pt-2 target:bg-warn-soft">
          <Words text={block.text} />
        </Heading>
      );
    }
    case 'paragraph':
      return (
        <p>
          <Words text={block.text} />
        </p>
      );
    case 'list': {
      const List = block.isOrdered ? 'ol' : 'ul';
      return (
        <List className={block.isOrdered ? 'list-decimal space-y-1 pl-6' : 'list-disc space-y-1 pl-6'}>
          {block.items.map((item) => (
            <li key={item.map(({ text }) => text).join('')}>
              <Words text={item} />
            </li>
          ))}
        </List>
      );
    }
    case 'code':
      return (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a wide command is scrolled by keyboard
        <pre tabIndex={0} className="mono overflow-x-auto rounded-md border border-line bg-sunken px-3 py-2">
          {block.text}
        </pre>
      );
  }
}

const elements = { bold: 'strong', emphasis: 'em', code: 'code' } as const;
const looks = { bold: 'font-semibold', emphasis: undefined, code: 'mono wrap-anywhere' };

function Words({ text }: { readonly text: readonly RunbookText[] }) {
  return text.map(({ form, text: words }, nth) => {
    if (form === 'plain') return words;
    const Element = elements[form];
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a sentence that never changes
      <Element key={nth} className={looks[form]}>
        {words}
      </Element>
    );
  });
}
