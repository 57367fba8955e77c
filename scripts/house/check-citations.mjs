/**
 * What is wrong with the rules and who holds them, one line each: a rule that no test cites and
 * that has no reason for it, one that is cited and does not exist, one that is defined twice, and a
 * reason that is needed no more.
 *
 * @param {{
 *   defined: readonly string[],
 *   mentioned: readonly { path: string, name: string }[],
 *   held: readonly string[],
 * }} citations
 * @param {ReadonlyMap<string, string>} excused rule → why no test can hold it
 */
export const checkCitations = ({ defined, mentioned, held }, excused) => {
  const rules = new Set(defined)
  const cited = new Set(held)
  const twice = defined.filter((name, i) => defined.indexOf(name) !== i)
  return [
    ...twice.map((name) => `[${name}] is defined twice`),
    ...mentioned
      .filter(({ name }) => !rules.has(name))
      .map(({ path, name }) => `${path} cites [${name}]: no such rule`),
    ...[...rules]
      .filter((name) => !cited.has(name) && !excused.has(name))
      .map((name) => `no test cites [${name}]`),
    ...[...excused].flatMap(([name, reason]) => {
      if (!rules.has(name)) return [`[${name}] is excused: no such rule`]
      if (cited.has(name)) return [`[${name}] is excused, and a test cites it`]
      return reason.trim().length < 20 ? [`[${name}] is excused without a reason`] : []
    }),
  ]
}
