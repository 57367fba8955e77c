/** Code that a page shows from a file: a comment with its path, then the block. */
const QUOTE = /<!-- ([\w./-]+\.\w+) -->\n\n```\w*\n([\s\S]*?)```/g

/** @returns {{ path: string, code: string }[]} what a page says is in which file */
export const quotesIn = (page) =>
  [...page.matchAll(QUOTE)].map(([, path, code]) => ({ path, code }))
