/**
 * Terraform configuration as text, laid out as `terraform fmt` does.
 * Syntax: https://developer.hashicorp.com/terraform/language/syntax/configuration,
 * strings: https://developer.hashicorp.com/terraform/language/expressions/strings
 */

/** A computed value: a reference, a variable. */
export type HclExpression = { readonly expression: string };
export type HclValue = string | number | boolean | HclExpression | readonly HclValue[];
export type HclBlock = {
  readonly block: string;
  readonly labels?: readonly string[];
  readonly body: HclBody;
};
export type HclComment = { readonly comment: string };
type HclAttribute = { readonly name: string; readonly value: HclValue };
export type HclBody = readonly (HclAttribute | HclBlock | HclComment)[];

/** Returns attributes in order; undefined ones are left out. */
export function attributes(values: Readonly<Record<string, HclValue | undefined>>): readonly HclAttribute[] {
  return Object.entries(values).flatMap(([name, value]) => (value === undefined ? [] : [{ name, value }]));
}

function unicode(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff
    ? `\\U${code.toString(16).padStart(8, '0')}`
    : `\\u${code.toString(16).padStart(4, '0')}`;
}

/** Returns a text as a quoted string with templates escaped. */
export function hclString(text: string): string {
  const quoted = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t')
    .replace(/[\p{C}\u2028\u2029]/gu, unicode)
    .replace(/([$%])(?=\{)/g, '$1$1');
  return `"${quoted}"`;
}

function hclValue(value: HclValue): string {
  if (typeof value === 'string') return hclString(value);
  if (typeof value !== 'object') return String(value);
  if ('expression' in value) return value.expression;
  return `[${value.map(hclValue).join(', ')}]`;
}

/** Returns the width that aligns the equals signs of consecutive attributes. */
function widthAt(body: HclBody, index: number): number {
  const isAttribute = (i: number) => 'name' in (body[i] ?? {});
  let [from, to] = [index, index];
  while (isAttribute(from - 1)) from -= 1;
  while (isAttribute(to + 1)) to += 1;
  return Math.max(...body.slice(from, to + 1).map((item) => ('name' in item ? item.name.length : 0)));
}

function lines(body: HclBody, indent: string): readonly string[] {
  return body.flatMap((item, index) => {
    if ('comment' in item) return item.comment.split('\n').map((line) => `${indent}# ${line}`.trimEnd());
    if ('name' in item)
      return [`${indent}${item.name.padEnd(widthAt(body, index))} = ${hclValue(item.value)}`];
    const head = [item.block, ...(item.labels ?? []).map(hclString)].join(' ');
    const gap = index > 0 && !('comment' in (body[index - 1] ?? {})) ? [''] : [];
    return [...gap, `${indent}${head} {`, ...lines(item.body, `${indent}  `), `${indent}}`];
  });
}

/** Returns the text of a configuration file. */
export function hclText(body: HclBody): string {
  return `${lines(body, '').join('\n')}\n`;
}
