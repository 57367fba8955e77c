/**
 * Members of a chat by a name that tells them apart. Where two could be taken for each other, a
 * patient's birth date stands beside the name, for those who know it: doctors.
 */
import { birthDateText } from '../../chat/birth-date.ts'
import { fold } from '../../words/fold.ts'
import type { Chat, Member } from './chat-registry.ts'

const labels = new WeakMap<Chat, ReadonlyMap<number, string>>()

/** '' for who is not known. */
export const nameIn = (chat: Chat, index: number): string => {
  let known = labels.get(chat)
  if (known === undefined) {
    known = labelled(chat.members)
    labels.set(chat, known)
  }
  return known.get(index) ?? ''
}

const labelled = (members: readonly Member[]): ReadonlyMap<number, string> => {
  const like = new Map<string, number>()
  for (const { name } of members) {
    const look = lookOf(name)
    like.set(look, (like.get(look) ?? 0) + 1)
  }
  return new Map(
    members.map(({ index, name, birthDate }) => [
      index,
      birthDate !== undefined && (like.get(lookOf(name)) ?? 0) > 1
        ? `${name} (${birthDateText(birthDate)})`
        : name,
    ]),
  )
}

const titles = /^(?:dr|prof|mr|mrs|ms|mx|sr|nurse)\.?$/

/** What a glance takes in of a name: the letters that its words begin with, in any order. */
const lookOf = (name: string): string =>
  fold(name)
    .split(/[\s\-–]+/u)
    .filter((word) => !titles.test(word))
    .map((word) => /[\p{L}\p{N}]/u.exec(word)?.[0] ?? '')
    .sort()
    .join('')
