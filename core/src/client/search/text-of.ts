import type { Content } from '../../chat/body.ts'

/** What of a message can be found: its text, and the names of its files. */
export const textOf = ({ text, attachments = [] }: Content): string =>
  [text, ...attachments.map(({ name }) => name)].join('\n').trim()
