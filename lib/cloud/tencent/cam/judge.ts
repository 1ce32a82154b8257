import type { Permissions } from '@/lib/estate/account-model';
import type { Statement } from './convert';

/**
 * Returns true if a pattern of actions (`clb:Describe*`, `name/clb:*`, `*`) covers this action. `*` stands for any
 * text.
 */
function covers(pattern: string, action: string): boolean {
  const plain = pattern.replace(/^name\//, '').toLowerCase();
  const text = action.toLowerCase();
  const [first = '', ...between] = plain.split('*');
  const last = between.pop();
  if (last === undefined) return text === first;
  if (!text.startsWith(first) || !text.endsWith(last)) return false;
  let at = first.length;
  for (const part of between) {
    const found = text.indexOf(part, at);
    if (found === -1) return false;
    at = found + part.length;
  }
  return at + last.length <= text.length;
}

const speaksOfAll = (statement: Statement) =>
  statement.condition === undefined && statement.resource.includes('*');

/**
 * Returns which of these actions a key's policies allow on everything, and which they refuse. A deny wins, and what
 * nothing allows is refused (https://www.tencentcloud.com/document/product/598/10602). What depends on the resource or
 * on a condition is in neither list. A permission boundary, which may narrow this, is not read.
 */
export function judge(statements: readonly Statement[], actions: readonly string[]): Permissions {
  const allowed: string[] = [];
  const denied: string[] = [];
  for (const action of actions) {
    const speaking = statements.filter((statement) => statement.action.some((name) => covers(name, action)));
    const allows = speaking.filter(({ effect }) => effect === 'allow');
    const denies = speaking.filter(({ effect }) => effect === 'deny');
    if (allows.length === 0 || denies.some(speaksOfAll)) denied.push(action);
    else if (denies.length === 0 && allows.some(speaksOfAll)) allowed.push(action);
  }
  return { source: 'cam', allowed, denied };
}
