import { useContext } from 'react'
import { clockText, dayOf, fullText, whenText } from '../../ui/time-text.ts'
import { useNow } from '../../ui/use-now.ts'
import styles from './asides.module.css'
import { datedBeforeText } from './dating-text.ts'
import type { Message } from './message.ts'
import { ControlsContext } from './message-controls.ts'

interface Props {
  message: Message
  /** The message before it, of the same person, says it already. */
  joinsPrevious: boolean
}

function WrittenBefore({ before }: { before: NonNullable<Message['writtenBefore']> }) {
  const { find, jump } = useContext(ControlsContext)
  const whose = find(before.key)?.mine ? 'your' : 'the'
  return (
    <button type="button" className={styles.jump} onClick={() => jump(before.key)}>
      Written before reading {whose} {clockText(before.at)} message
    </button>
  )
}

function Arrived({ at, arrivedAt }: { at: number; arrivedAt: number }) {
  const now = useNow()
  return <span title={fullText(arrivedAt)}>Arrived {arrivedText(at, arrivedAt, now)}</span>
}

/** Beside a message of another day a time alone would be taken for one of that day. */
const arrivedText = (at: number, arrivedAt: number, now: number): string => {
  if (dayOf(at) === dayOf(arrivedAt)) return clockText(arrivedAt)
  return `${dayOf(arrivedAt) === dayOf(now) ? 'today ' : ''}${whenText(arrivedAt, now)}`
}

/** Quiet words where the order of the screen, or a date, would tell a wrong story. */
export function Asides({ message, joinsPrevious }: Props) {
  const { writtenBefore, arrivedAt, datedBefore, at, retracted } = message
  const crossed = joinsPrevious || retracted ? null : writtenBefore
  if (crossed === null && arrivedAt === null && datedBefore === null) return null
  return (
    <p className={styles.asides} dir="ltr">
      {crossed !== null && <WrittenBefore before={crossed} />}
      {datedBefore !== null && <span>{datedBeforeText(message)}</span>}
      {arrivedAt !== null && <Arrived at={at} arrivedAt={arrivedAt} />}
    </p>
  )
}
