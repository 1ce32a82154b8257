import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SignInForm } from '@/components/session/sign-in-form';
import { listSignInWays } from '@/lib/server/auth/list-sign-in-ways';

type Props = { readonly searchParams: Promise<{ readonly next?: string | string[] }> };

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('session.signIn'))('title') };
}

export default async function SignInPage({ searchParams }: Props) {
  const [{ next }, ways] = await Promise.all([searchParams, listSignInWays()]);
  return <SignInForm next={typeof next === 'string' ? next : null} ways={ways} />;
}
