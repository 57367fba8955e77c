/** The people and chats of a bench: one patient and one doctor to each chat. */
import { type ChatId, directChatId, parseUserId, type UserId } from '@wardline/core/base/ids'

export interface Pair {
  readonly patient: UserId
  readonly doctor: UserId
}

export const userId = (text: string): UserId => {
  const id = parseUserId(text)
  if (id === undefined) throw new Error(`${text} is not a user id`)
  return id
}

/** So many chats of people who have no other. */
export const pairs = (count: number): Pair[] =>
  Array.from({ length: count }, (_, i) => ({
    patient: userId(`patient-${i}`),
    doctor: userId(`doctor-${i}`),
  }))

/** A doctor with so many patients. */
export const practice = (count: number): Pair[] =>
  Array.from({ length: count }, (_, i) => ({
    patient: userId(`patient-${i}`),
    doctor: userId('doctor-0'),
  }))

export const chatOf = ({ patient, doctor }: Pair): ChatId => directChatId(patient, doctor)
