/** Where in administration somebody is, as the address says it. */

export const sections = [
  'people',
  'invitations',
  'programs',
  'audit',
  'settings',
  'health',
] as const
export type Section = (typeof sections)[number]

export type AdminPlace =
  | { readonly section: 'people'; readonly person: string | null }
  | { readonly section: 'audit'; readonly about: string | null }
  | { readonly section: Exclude<Section, 'people' | 'audit'> }

const BASE = '/admin'

/** What is none of these is the list of people. */
export const placeOf = (path: string): AdminPlace => {
  const [section, id] = path.slice(BASE.length + 1).split('/')
  const named = id === undefined || id === '' ? null : decoded(id)
  if (section === 'audit') return { section, about: named }
  const found = sections.find((each) => each === section) ?? 'people'
  return found === 'people' || found === 'audit'
    ? { section: 'people', person: section === 'people' ? named : null }
    : { section: found }
}

export const pathOf = (place: AdminPlace): string => {
  const id =
    place.section === 'people' ? place.person : place.section === 'audit' ? place.about : null
  return id === null
    ? `${BASE}/${place.section}`
    : `${BASE}/${place.section}/${encodeURIComponent(id)}`
}

export const placeOfSection = (section: Section): AdminPlace =>
  section === 'people'
    ? { section, person: null }
    : section === 'audit'
      ? { section, about: null }
      : { section }

const decoded = (text: string): string | null => {
  try {
    return decodeURIComponent(text)
  } catch {
    return null
  }
}
