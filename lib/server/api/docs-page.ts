import 'server-only';
import { readBodySchema } from './input-schema';
import { listParameters, listRoles, readAnswerSchema } from './openapi';
import { sections } from './operations';
import type { Operation } from './operations/operation';

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeHtml = (text: string) => text.replace(/[&<>"]/g, (special) => escapes[special] ?? '');
const json = (value: unknown) => escapeHtml(JSON.stringify(value, null, 2));

const style = `
:root { color-scheme: light dark; --line: light-dark(#d5dbe3, #333b46); --soft: light-dark(#f4f6f8, #161b21); --ink-2: light-dark(#4a5563, #a9b4c2); }
body { font: 15px/1.55 system-ui, sans-serif; margin: 0 auto; max-width: 64rem; padding: 2rem 1.25rem 6rem; color: light-dark(#12181f, #e8edf3); background: light-dark(#fff, #0e1216); }
h1 { font-size: 1.7rem; } h2 { font-size: 1.25rem; margin-top: 2.5rem; border-bottom: 1px solid var(--line); padding-bottom: .3rem; }
h3 { font-size: 1rem; margin: 1.8rem 0 .2rem; } p { margin: .3rem 0; } .soft { color: var(--ink-2); }
code, pre { font: 13px/1.5 ui-monospace, monospace; } pre { background: var(--soft); border: 1px solid var(--line); border-radius: 6px; padding: .7rem; overflow-x: auto; margin: .5rem 0; }
table { border-collapse: collapse; margin: .5rem 0; width: 100%; } td, th { text-align: left; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); vertical-align: top; overflow-wrap: anywhere; }
a { color: light-dark(#0a5cb8, #7db8ff); } nav ul { columns: 3 14rem; padding-left: 1.1rem; } summary { cursor: pointer; }
`;

function describeType({ type, anyOf, enum: values, const: only }: Readonly<Record<string, unknown>>): string {
  if (Array.isArray(values)) return values.map(String).join(' | ');
  if (only !== undefined) return String(only);
  if (Array.isArray(anyOf)) return anyOf.map(describeType).join(' | ');
  return Array.isArray(type) ? type.join(' | ') : typeof type === 'string' ? type : 'any';
}

function writeParameters(operation: Operation): string {
  const rows = listParameters(operation)
    .filter((parameter) => parameter.in !== 'header')
    .map(({ name, in: place, required, schema }) => {
      const cells = [
        `<code>${name}</code>`,
        place,
        escapeHtml(describeType(schema)),
        required ? 'required' : '',
      ];
      return `<tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>`;
    });
  if (rows.length === 0) return '';
  const head = ['Parameter', 'In', 'Type', ''].map((name) => `<th scope="col">${name}</th>`).join('');
  return `<table><thead><tr>${head}</tr></thead><tbody>${rows.join('')}</tbody></table>`;
}

function writeCommand({ method, path, example }: Operation): string {
  const lines = [
    `curl${method === 'GET' ? '' : ` -X ${method}`} -H "Authorization: Bearer $SPILLWAY_TOKEN"`,
    ...(example === undefined
      ? []
      : ['-H "Content-Type: application/json"', `-d '${JSON.stringify(example)}'`]),
    `"$SPILLWAY_URL/api/v1${path}"`,
  ];
  return `<pre>${escapeHtml(lines.join(' \\\n  '))}</pre>`;
}

function writeSchema(title: string, schema: unknown): string {
  return schema === null ? '' : `<details><summary>${title}</summary><pre>${json(schema)}</pre></details>`;
}

function writeOperation(operation: Operation): string {
  const { name, method, path, summary } = operation;
  return [
    `<h3 id="${name}"><code>${method} ${escapeHtml(path)}</code></h3>`,
    `<p>${escapeHtml(summary)}.</p>`,
    `<p class="soft"><code>${name}</code> · ${listRoles(operation).join(', ')}</p>`,
    writeParameters(operation),
    writeCommand(operation),
    writeSchema('Body (JSON Schema)', readBodySchema(operation)),
    writeSchema('Answer (JSON Schema)', readAnswerSchema(operation)),
  ].join('\n');
}

/**
 * Writes the documentation of the API as a page without scripts.
 * @param nonce that of the response's content security policy, for the page's style
 */
export function writeDocsPage(nonce: string): string {
  const index = Object.keys(sections).map((name) => `<li><a href="#${name}">${name}</a></li>`);
  const content = Object.entries(sections).map(
    ([name, list]) => `<h2 id="${name}">${name}</h2>\n${list.map(writeOperation).join('\n')}`,
  );
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Spillway API</title>
<style nonce="${escapeHtml(nonce)}">${style}</style>
</head>
<body>
<h1>Spillway API</h1>
<p>Everything that the dashboard reads and changes, as JSON. The machine-readable form is <a href="/api/v1/openapi.json">OpenAPI 3.1</a>.</p>
<p>Create a token in <a href="/settings">Settings</a> → API tokens, and send it as <code>Authorization: Bearer spw_…</code>. A refusal is a problem (RFC 9457) with a <code>code</code>, and with what to do in <code>fix</code>.</p>
<nav aria-label="Sections"><ul>${index.join('')}</ul></nav>
<main>
${content.join('\n')}
</main>
</body>
</html>
`;
}
