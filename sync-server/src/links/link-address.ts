import type { NewLink } from './links.ts'

/**
 * Where a link leads, behind the address of the app. The token stands behind `#`: browsers keep that
 * to themselves, so that it is in no log and no `Referer`.
 */
export const linkPath = ({ kind, token }: Pick<NewLink, 'kind' | 'token'>): string =>
  `/${kind === 'reset' ? 'reset' : 'join'}#${token}`

/** @param origin where people open the app, such as `https://chat.clinic.example` */
export const linkAddress = (origin: string, link: Pick<NewLink, 'kind' | 'token'>): string =>
  origin + linkPath(link)
