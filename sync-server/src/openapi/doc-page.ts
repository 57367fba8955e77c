/** The OpenAPI document as a page for people: plain HTML, made on the server, without scripts. */
import { errorCatalogue, errorCodes } from '../errors/catalogue.ts'
import type { ApiDocument, ApiOperation, Content } from './openapi.ts'
import type { Parameter } from './operations/operation.ts'

export const renderDocument = (document: ApiDocument): string => {
  const listed = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  const sections = document.tags.map(({ name }) => {
    const parts = listed
      .filter(({ operation }) => operation.tags.includes(name))
      .map(({ path, method, operation }) => renderOperation(path, method, operation))
    return `<section><h2 id="${anchor(name)}">${text(name)}</h2>${parts.join('')}</section>`
  })
  const links = [...document.tags.map(({ name }) => name), 'Schemas', 'Errors'].map(
    (name) => `<li><a href="#${anchor(name)}">${text(name)}</a></li>`,
  )
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${text(document.info.title)} HTTP interface</title>
<link rel="stylesheet" href="/api/docs/style.css">
</head>
<body>
<header>
<h1>${text(document.info.title)} HTTP interface</h1>
<p>${text(document.info.description)}</p>
<p><a href="/api/openapi.json">openapi.json</a></p>
<nav aria-label="Contents"><ul>${links.join('')}</ul></nav>
</header>
<main>
${sections.join('\n')}
${renderSchemas(document)}
${renderErrors()}
</main>
</body>
</html>
`
}

const renderOperation = (path: string, method: string, operation: ApiOperation): string => {
  const { operationId, summary, description, parameters, requestBody, responses } = operation
  const access = operation.security.length > 0 ? 'Needs an access token.' : 'Needs no access token.'
  return `<article id="${operationId}">
<h3><code class="method">${method.toUpperCase()}</code> <code>${text(path)}</code></h3>
<p>${text(summary)}. ${text(description ?? '')} ${access}</p>
${parameters.length === 0 ? '' : renderParameters(parameters)}
${requestBody === undefined ? '' : `<p>Body: ${renderContent(requestBody.content)}${requestBody.required ? '' : ', optional'}</p>`}
<table><caption>Answers</caption><thead><tr><th>Status</th><th>Meaning</th><th>Body</th></tr></thead><tbody>
${Object.entries(responses)
  .map(
    ([status, response]) =>
      `<tr><td>${status}</td><td>${marked(response.description)}</td><td>${
        Number(status) >= 400 ? 'error' : renderContent(response.content ?? {})
      }</td></tr>`,
  )
  .join('\n')}
</tbody></table>
</article>`
}

const renderParameters = (parameters: readonly Parameter[]): string =>
  `<table><caption>Parameters</caption><thead><tr><th>Name</th><th>In</th><th>Meaning</th><th>Schema</th></tr></thead><tbody>
${parameters
  .map(
    ({ name, in: place, description, required, schema }) =>
      `<tr><td><code>${text(name)}</code></td><td>${place}${required === true ? '' : ', optional'}</td><td>${text(description)}</td><td><code>${text(JSON.stringify(schema))}</code></td></tr>`,
  )
  .join('\n')}
</tbody></table>`

const renderContent = (content: Content): string =>
  Object.entries(content)
    .map(([type, { schema }]) => {
      const name = '$ref' in schema ? String(schema.$ref).split('/').at(-1) : undefined
      return name === undefined
        ? `<code>${text(type)}</code>`
        : `<a href="#schema-${text(name)}">${text(name)}</a>`
    })
    .join(', ')

const renderSchemas = ({ components }: ApiDocument): string =>
  `<section><h2 id="schemas">Schemas</h2>
${Object.entries(components.schemas)
  .map(
    ([name, schema]) =>
      `<h3 id="schema-${text(name)}">${text(name)}</h3><pre>${text(JSON.stringify(schema, null, 2))}</pre>`,
  )
  .join('\n')}
</section>`

const renderErrors = (): string =>
  `<section><h2 id="errors">Errors</h2>
<table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th><th>What to do</th></tr></thead><tbody>
${errorCodes
  .map((code) => {
    const { status, meaning, action } = errorCatalogue[code]
    return `<tr><td><code>${code}</code></td><td>${status}</td><td>${text(meaning)}</td><td>${text(action)}</td></tr>`
  })
  .join('\n')}
</tbody></table></section>`

const anchor = (name: string): string => name.toLowerCase().replaceAll(' ', '-')

const text = (raw: string): string =>
  raw
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')

/** Words between backticks are code. */
const marked = (raw: string): string => text(raw).replace(/`([^`]*)`/g, '<code>$1</code>')

export const DOCUMENT_STYLE = `:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif; }
body { margin: 0 auto; max-width: 60rem; padding: 1rem; }
nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1rem; list-style: none; padding: 0; }
article { border-top: 1px solid color-mix(in srgb, currentcolor 25%, transparent); padding-top: 0.5rem; }
h3 { overflow-wrap: anywhere; }
table { border-collapse: collapse; display: block; overflow-x: auto; margin: 0.75rem 0; }
caption { text-align: start; font-weight: 600; }
th, td { border: 1px solid color-mix(in srgb, currentcolor 25%, transparent); padding: 0.25rem 0.5rem; text-align: start; vertical-align: top; }
pre { overflow-x: auto; padding: 0.5rem; background: color-mix(in srgb, currentcolor 7%, transparent); }
code { font-size: 0.9em; overflow-wrap: anywhere; }
td:first-child code { white-space: nowrap; }
`
