import type { LinkKind } from './link-record.ts'

/**
 * The address of a link. The token stands behind `#`: browsers keep that to themselves, so that it
 * is in no log and no `Referer`.
 *
 * @param origin where people open the app, such as `https://chat.clinic.example`
 */
export const linkAddress = (origin: string, { kind, token }: { kind: LinkKind; token: string }) =>
  `${origin}/${kind === 'reset' ? 'reset' : 'join'}#${token}`
