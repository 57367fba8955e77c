/** The arrows that are allowed, and a picture of the imports that there are, as Markdown. */
import { floorsOf } from './check-arrows.mjs'
import { packages } from './imports.mjs'

const short = (folder) => folder.replace(/\/src(?=\/|$)/, '')
const packageOf = (folder) => folder.split('/')[0]

/** Arrows without those that a way over other folders says as well. */
const reduced = (arrows) => {
  const reach = new Map()
  const reachOf = (folder) => {
    const known = reach.get(folder)
    if (known !== undefined) return known
    const found = new Set()
    reach.set(folder, found)
    for (const to of arrows.get(folder) ?? []) {
      found.add(to)
      for (const further of reachOf(to)) found.add(further)
    }
    return found
  }
  return new Map(
    [...arrows].map(([folder, tos]) => [
      folder,
      tos.filter((to) => !tos.some((other) => other !== to && reachOf(other).has(to))),
    ]),
  )
}

/** Arrows that the imports make, between folders of one package. */
const arrowsOf = (imports, name) => {
  const arrows = new Map()
  for (const { from, to } of imports) {
    for (const folder of [from, to])
      if (packageOf(folder) === name && !arrows.has(folder)) arrows.set(folder, [])
    if (packageOf(from) === name && packageOf(to) === name && !arrows.get(from).includes(to))
      arrows.get(from).push(to)
  }
  return arrows
}

const drawn = (name, imports) => {
  const arrows = arrowsOf(imports, name)
  const floors = floorsOf(arrows)
  const label = (folder) => (folder === `${name}/src` ? name : folder.slice(name.length + 5))
  const id = (folder) => label(folder).replaceAll(/[^a-z]+/g, '_')
  const lines = [...reduced(arrows)]
    .toSorted(([a], [b]) => floors.get(b) - floors.get(a) || (a < b ? -1 : 1))
    .flatMap(([from, tos]) =>
      tos.length === 0
        ? [`  ${id(from)}["${label(from)}"]`]
        : tos
            .toSorted()
            .map((to) => `  ${id(from)}["${label(from)}"] --> ${id(to)}["${label(to)}"]`),
    )
  return ['```mermaid', 'flowchart TD', ...lines, '```'].join('\n')
}

const listOf = (arrows) =>
  [...arrows]
    .map(([folder, tos]) => `- \`${short(folder)}\`: ${tos.map(short).join(', ') || 'nothing'}`)
    .join('\n')

/** Everything between the marks in the page on the architecture. */
export const pictureOf = (imports, arrows) =>
  [
    ...packages.flatMap((name) => [`**${name}**`, drawn(name, imports)]),
    '**What each folder may import from**',
    listOf(arrows),
  ].join('\n\n')

const BEGIN = '<!-- imports: drawn by `npm run draw` -->'
const END = '<!-- imports: end -->'

/** The page with the picture of now; throws Error when it has no place for one. */
export const withPicture = (page, picture) => {
  const [begin, end] = [page.indexOf(BEGIN), page.indexOf(END)]
  if (begin < 0 || end < begin) throw new Error(`The page has no ${BEGIN} … ${END}.`)
  return `${page.slice(0, begin)}${BEGIN}\n\n${picture}\n\n${page.slice(end)}`
}
