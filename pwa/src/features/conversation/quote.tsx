import type { ReplyView } from '@wardline/core/client/model/views'
import { useContext } from 'react'
import { VisuallyHidden } from '../../ui/visually-hidden.tsx'
import { ControlsContext } from './message-controls.ts'
import styles from './quote.module.css'

/** What a message answers, as the first thing in its bubble. A press shows it in its place. */
export function Quote({ reply }: { reply: ReplyView }) {
  const { find, jump } = useContext(ControlsContext)
  const here = reply.authorName !== ''
  const name = find(reply.key)?.mine ? 'You' : reply.authorName
  return (
    <button type="button" className={styles.quote} onClick={() => jump(reply.key)}>
      <VisuallyHidden>In reply to </VisuallyHidden>
      {here && (
        <bdi className={styles.name}>
          {name}
          <VisuallyHidden>: </VisuallyHidden>
        </bdi>
      )}
      <span className={here && !reply.retracted ? styles.words : styles.aside} dir="auto">
        {reply.retracted ? 'This message was deleted' : here ? reply.text : 'Earlier message'}
      </span>
    </button>
  )
}
