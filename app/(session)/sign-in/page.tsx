import type { Metadata } from 'next';
import { getTranslations } from 'next-intl/server';
import { SignInForm } from '@/components/session/sign-in-form';
import { listSignInWays } from '@/lib/server/auth/list-sign-in-ways';

type Param = string | string[] | undefined;
type Props = { readonly searchParams: Promise<{ readonly next?: Param; readonly problem?: Param }> };

/** The keys of problems of single sign-on. Anybody can make an address, so nothing else of it is shown. */
const isProblem = (problem: Param): problem is string =>
  typeof problem === 'string' && /^(sso|session)\.[a-z]{2,20}$/i.test(problem);

export async function generateMetadata(): Promise<Metadata> {
  return { title: (await getTranslations('session.signIn'))('title') };
}

export default async function SignInPage({ searchParams }: Props) {
  const [{ next, problem }, ways] = await Promise.all([searchParams, listSignInWays()]);
  return (
    <SignInForm
      next={typeof next === 'string' ? next : null}
      ways={ways}
      problem={isProblem(problem) ? problem : null}
    />
  );
}
