import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { orForbidden } from '@/app/or-forbidden';
import { PostMortem } from '@/components/diversions/post-mortem';
import { getPostMortem } from '@/lib/server/diversions/get-post-mortem';

type Props = { readonly params: Promise<{ diversionId: string }> };

export async function generateMetadata({ params }: Props): Promise<Metadata> {
  return { title: (await params).diversionId };
}

/** A page to print or to save as PDF: it has no navigation. */
export default async function PostMortemPage({ params }: Props) {
  const view = await orForbidden(getPostMortem((await params).diversionId));
  if (view === null) notFound();
  return <PostMortem view={view} madeAt={new Date().toISOString()} />;
}
