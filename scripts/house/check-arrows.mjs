/**
 * What is wrong with the imports, one line each: an arrow that the table does not allow, a folder
 * that it does not know, and arrows and folders that it has and nothing uses.
 *
 * @param {readonly { file: string, target: string, from: string, to: string }[]} imports
 * @param {ReadonlyMap<string, readonly string[]>} arrows
 */
export const checkArrows = (imports, arrows) => {
  const used = new Set(imports.map(({ from, to }) => `${from} -> ${to}`))
  const wrong = imports
    .filter(({ from, to }) => !arrows.get(from)?.includes(to))
    .map(({ file, target, from, to }) => `${file} imports ${target}: no arrow ${from} -> ${to}`)
  const unused = [...arrows].flatMap(([from, tos]) =>
    tos.filter((to) => !used.has(`${from} -> ${to}`)).map((to) => `unused arrow ${from} -> ${to}`),
  )
  return [...new Set([...wrong, ...unused, ...circlesIn(arrows)])]
}

/** Folders that reach themselves over the arrows of the table. */
const circlesIn = (arrows) => {
  const floors = floorsOf(arrows)
  return [...arrows.keys()]
    .filter((folder) => !floors.has(folder))
    .map((folder) => `${folder} is part of a circle, or above one`)
}

/** How high each folder stands: above all that it imports from. Without those that are in circles. */
export const floorsOf = (arrows) => {
  const floors = new Map()
  for (let again = true; again; ) {
    again = false
    for (const [folder, tos] of arrows) {
      if (floors.has(folder) || tos.some((to) => !floors.has(to))) continue
      floors.set(folder, 1 + Math.max(-1, ...tos.map((to) => floors.get(to))))
      again = true
    }
  }
  return floors
}
