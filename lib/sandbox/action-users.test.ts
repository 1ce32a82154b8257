import { expect, test } from 'vitest';
import { actionUsers } from '@/testing/sandbox/action-users';
import served from './world/served-actions.json';

/** Actions that the sandbox keeps without a user, with the reason. */
const keptActions: Readonly<Record<string, string>> = {};

const servedActions = Object.entries(served).flatMap(([service, { actions }]) =>
  actions.map((action) => `${service}:${action}`),
);

const findUsers = (action: string) =>
  Object.entries(actionUsers)
    .filter(([, actions]) => actions.includes(action))
    .map(([user]) => user);

test('serves only actions that a client uses, or that are kept for a reason', () => {
  const unused = servedActions.filter((action) => findUsers(action).length === 0);
  expect(unused).toEqual(Object.keys(keptActions));
});

test('serves every action of its users', () => {
  const used = new Set(Object.values(actionUsers).flat());
  expect([...used].filter((action) => !servedActions.includes(action))).toEqual([]);
});

test('docs/sandbox-actions.md lists the served actions with their users', async () => {
  const rows = servedActions.map((action) => {
    const users = findUsers(action).map((user) => (user.startsWith('tencentcloud_') ? `\`${user}\`` : user));
    return `- \`${action}\`: ${users.join(', ') || keptActions[action]}`;
  });
  const page = `# Actions of the sandbox

The sandbox serves the actions that one of these clients uses. It refuses others with \`InvalidAction\`. Names that begin with
\`tencentcloud_\` are resources of the Terraform provider. A test generates this list: \`npx vitest run -u lib/sandbox/action-users.test.ts\`.

${rows.join('\n')}
`;
  await expect(page).toMatchFileSnapshot('../../docs/sandbox-actions.md');
});
