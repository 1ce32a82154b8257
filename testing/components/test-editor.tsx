import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import { expect } from 'vitest';
import { DiversionEditor } from '@/components/diversion/editor/diversion-editor';
import { OpeningNotices } from '@/components/diversion/editor/opening-notices';
import type { Answer } from '@/lib/contract/answer';
import type { ConnectionView } from '@/lib/contract/connection';
import type { DiversionDraftView, SaveDraftAction } from '@/lib/contract/diversion';
import type { DeployFunctionAction } from '@/lib/contract/function';
import type { Diversion } from '@/lib/diversion/diversion';
import type { Draft } from '@/lib/draft/draft';
import { prefill } from '@/lib/draft/prefill';
import { dropLikeRoutes } from '@/lib/draft/waves';
import { joinEstates } from '@/lib/estate/join-estates';
import type { Estate } from '@/lib/estate/model';
import { messages } from '@/lib/messages/messages';
import { PlanId } from '@/lib/plan/model/model';
import { ok } from '@/lib/result';
import { testEstate, testListener, testLoadBalancer, testZone } from '@/testing/plan/test-estate';
import { checkOn, serveDrafts, type TestServer } from './serve-drafts';
import { renderPage } from './test-page';
import { testConnectionView } from './test-plan-view';

/** The test estate with a classic load balancer in addition to the two others. */
const estate = testEstate({
  loadBalancers: [
    testLoadBalancer('lb-cvm'),
    testLoadBalancer('lb-scf', { vips: ['127.77.1.2'] }),
    testLoadBalancer('lb-classic', { vips: ['127.77.1.3'], generation: 'classic' }),
  ],
  listeners: [testListener('lb-cvm'), testListener('lb-scf')],
  vpcs: ['vpc-1', 'vpc-2'].map((id, nth) => ({
    id,
    name: `network ${nth + 1}`,
    region: 'ap-singapore',
    cidr: '10.0.0.0/16',
    isDefault: nth === 0,
  })),
  scfNamespaces: [
    { region: 'ap-singapore', name: 'default' },
    { region: 'ap-jakarta', name: 'default' },
    { region: 'ap-jakarta', name: 'night' },
  ],
});

/** Opens the editor of a new diversion. */
export async function openEditor(
  createPlan: (diversion: Diversion) => Answer<{ planId: PlanId }>,
  {
    isolation = 'jail',
    asked = {},
    dns = {},
    change = {},
    accounts = [],
    others = [],
    editing = null,
    server = { isDown: false },
    saveDraft = () => Promise.reject(new Error('nothing is saved here')),
    deployFunction = async () => ok({ deploymentId: 'none' }),
  }: {
    deployFunction?: DeployFunctionAction;
    isolation?: ConnectionView['isolation'];
    asked?: Partial<Record<'kind' | 'domain' | 'rule' | 'function' | 'field', string>>;
    /** Changes to the zone. */
    dns?: object;
    /** Changes to the rest of the estate. */
    change?: Parameters<typeof testEstate>[0];
    /** Further accounts, and the snapshots of those that the diversion spans. */
    accounts?: readonly ConnectionView[];
    others?: readonly Estate[];
    /** The diversion to edit. */
    editing?: (Pick<DiversionDraftView, 'id' | 'nextRevision'> & { readonly draft: Draft }) | null;
    saveDraft?: SaveDraftAction;
    server?: TestServer;
  } = {},
) {
  const own = testEstate({ ...estate, zones: [testZone(dns)], ...change });
  const basis = { estate: joinEstates(own, others), keepAliveS: 75 };
  const given = {
    connection: 'test',
    kind: null,
    domain: null,
    rule: null,
    function: null,
    field: null,
    ...asked,
  };
  const filled = prefill(basis.estate, given, (kind) => messages.diversion.kind[kind].defaultName);
  const start =
    editing === null
      ? filled
      : { draft: dropLikeRoutes(basis.estate, editing.draft), notes: [], isFilled: true };
  const edited = editing && { ...editing, contentVersion: 'opened' };
  const accountName = (id: string) => accounts.find((account) => account.id === id)?.name ?? id;
  serveDrafts(basis, server, accountName);
  const opened = { ...start, ...(await checkOn(basis, { draft: start.draft, changes: [] }, accountName)) };
  const page = renderPage(
    <DiversionEditor
      editing={edited}
      opened={opened}
      notices={<OpeningNotices account={testConnectionView.name} notes={opened.notes} editing={edited} />}
      saveDraft={saveDraft}
      connection={{ ...testConnectionView, isolation }}
      accounts={accounts}
      spanned={others.map(({ connectionId }) => connectionId)}
      asked={given}
      createPlan={({ diversion }) => createPlan(diversion)}
      testInvocations={{ newest: [], judged: [] }}
      startTestInvocation={async () => ok({ testInvocationId: 'none' })}
      deployFunction={deployFunction}
      startSync={async () => ok(null)}
    />,
  );
  const side = (name: string) => within(screen.queryByRole('region', { name }) ?? page.container);
  return { ...page, a: side('Stays on servers'), b: side('Goes to function') };
}

type Part = Awaited<ReturnType<typeof openEditor>>['a'];

/** Waits until the server has checked the draft. */
export async function checked() {
  await waitFor(() => {
    const plan = screen.getByRole('region', { name: 'Checks', hidden: true });
    expect(plan.querySelector('[aria-busy]')).toBeNull();
  });
}

/** Presses a button of the editor, and waits until the draft is checked. */
export async function press(button: HTMLElement) {
  fireEvent.click(button);
  await checked();
}

/** Types into a field, then leaves it, and waits until the draft is checked. */
export async function type(part: Part, field: string | RegExp, text: string) {
  const input = part.getByLabelText(field);
  fireEvent.focus(input);
  fireEvent.change(input, { target: { value: text } });
  fireEvent.blur(input);
  await checked();
}

/** Chooses an option of a field by its visible text. */
export async function chooseInEditor(part: Part, field: string, option: RegExp) {
  fireEvent.click(part.getByRole('combobox', { name: field }));
  const choice = await screen.findByRole('option', { name: option });
  fireEvent.pointerDown(choice);
  fireEvent.mouseMove(choice);
  fireEvent.click(choice);
  await waitFor(() => expect(screen.queryByRole('option', { name: option })).toBeNull());
  await checked();
}

/** A store action for pages where nothing is stored. */
export const never = async () => ok({ planId: PlanId.parse('never') });
