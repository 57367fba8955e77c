import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import type { ComposerDraft } from '@wardline/core/client/model/composer-draft'
import type { SentDraft } from '@wardline/core/client/model/draft-book'
import type { Person, TimelineItem } from '@wardline/core/client/model/views'
import { isBlank } from '@wardline/core/text/blank'
import {
  type KeyboardEvent,
  useCallback,
  useContext,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
  useSyncExternalStore,
} from 'react'
import { isTouch } from '../../base/platform.ts'
import { Icon } from '../../ui/icon.tsx'
import { writeProblem } from '../../ui/write-problem.ts'
import styles from './composer.module.css'
import { ComposerBar } from './composer-bar.tsx'
import { composerKey } from './composer-keys.ts'
import { type Composition, restOf } from './composition.ts'
import { EmojiTray } from './emoji-tray.tsx'
import { LongTextDialog } from './long-text-dialog.tsx'
import { type MessageKey, messageOf } from './message.ts'
import { PartsContext } from './parts.ts'
import { PatientLine } from './patient-line.tsx'
import { partsOf, roomFor } from './room.ts'
import { RoomNote } from './room-note.tsx'
import { useDraft } from './use-draft.ts'
import { useInsert } from './use-insert.ts'
import { useTyping } from './use-typing.ts'
import type { FileOutcome, Written } from './written.ts'

interface Props {
  composition: Composition
  /** What is saved of it. */
  draft: ComposerDraft
  /** What of it was sent, from whatever tab. */
  sentDrafts: readonly SentDraft[]
  /** What is loaded of the chat. */
  items: readonly TimelineItem[]
  /** For doctors: the patients whom they write to. */
  patients: readonly Person[]
  /** Never rejects. Only what is stored leaves the composer. */
  onSend: (written: Written) => Promise<WriteOutcome>
  /** The same, with the words in a text file. */
  onSendFile: (written: Written) => Promise<FileOutcome>
  onEdit: (key: MessageKey, text: string) => Promise<WriteOutcome>
  /** ArrowUp where nothing is written. */
  onEditLast: () => void
  onSent: () => void
  onDraft: (draft: ComposerDraft) => void
  onTyping: (typing: boolean) => void
}

const problemText = (outcome: Exclude<FileOutcome, { kind: 'stored' }>, what: string): string => {
  const why = outcome.kind === 'no-file' ? outcome.why : writeProblem(outcome, what)
  return outcome.kind === 'blank' ? why : `${why} Your text is still here.`
}

/**
 * Where a message is written. What leaves it is saved: the text goes away only once the device's
 * database has it, and whatever was typed meanwhile stays.
 */
export function Composer(props: Props) {
  const { composition, draft, sentDrafts, items, patients, onSend, onSendFile, onEdit } = props
  const { onEditLast, onSent, onDraft, onTyping } = props
  const { replyTo, edit, caption } = useSyncExternalStore(composition.subscribe, composition.get)
  const { text: value, asked } = composition
  const [saving, setSaving] = useState(false)
  const [problem, setProblem] = useState<string | null>(null)
  const [choosing, setChoosing] = useState(false)
  const [tray, setTray] = useState(false)
  const input = useRef<HTMLTextAreaElement>(null)
  const busy = useRef(false)
  const again = useRef(false)
  const { Attach, Voice } = useContext(PartsContext)
  const breaks = isTouch()
  const patientId = useId()
  const trayId = useId()
  const insert = useInsert(input, composition)
  const { flush, hold } = useDraft(composition, onDraft)
  const { type, stop } = useTyping(onTyping)
  const target = edit?.key ?? replyTo
  const message = target === null ? undefined : messageOf(items, target)
  /** Of the message that is being changed, as it is now. */
  const before = useRef<string | undefined>(undefined)

  // What was wrong with one thing says nothing of the next.
  useEffect(() => setProblem(null), [edit?.key, value])

  useEffect(() => composition.adopt(draft, sentDrafts), [composition, draft, sentDrafts])

  useLayoutEffect(() => {
    before.current = edit === null ? undefined : message?.text
  }, [edit, message])

  // Not for what was left here earlier: on a phone its keyboard would come up.
  useLayoutEffect(() => {
    if (asked > 0) input.current?.focus({ preventScroll: true })
  }, [asked])

  useLayoutEffect(() => {
    const element = input.current
    if (element === null) return
    element.style.blockSize = 'auto'
    const { scrollHeight } = element
    element.style.blockSize = value === '' ? '' : `${scrollHeight}px`
    element.style.overflowY = scrollHeight > element.clientHeight + 1 ? 'auto' : 'hidden'
  }, [value])

  useEffect(() => {
    const element = input.current
    element?.setSelectionRange(element.value.length, element.value.length)
    if (!breaks) element?.focus({ preventScroll: true })
  }, [breaks])

  /** What the composer holds is not as it was any more, or why not: one thing at a time. */
  const save = useCallback(
    async (work: () => Promise<Exclude<FileOutcome, { kind: 'stored' }> | undefined>) => {
      if (busy.current) {
        again.current = true
        return
      }
      busy.current = true
      setSaving(true)
      setProblem(null)
      stop()
      const release = hold()
      try {
        do {
          again.current = false
          const what = composition.get().edit === null ? 'message' : 'change'
          const failed = await work()
          if (failed !== undefined) return setProblem(problemText(failed, what))
        } while (again.current && !isBlank(composition.text))
      } finally {
        release()
        again.current = false
        busy.current = false
        setSaving(false)
      }
    },
    [composition, hold, stop],
  )

  const change = useCallback(
    async ({ key, text }: NonNullable<ComposerDraft['edit']>) => {
      if (text !== before.current) {
        const outcome = await onEdit(key, text)
        if (outcome.kind !== 'stored') return outcome
      }
      composition.edited(key)
      // What stands below it is sent by a press of its own.
      again.current = false
      return undefined
    },
    [composition, onEdit],
  )

  const send = useCallback(
    () =>
      save(async () => {
        const from = composition.get()
        if (from.edit !== null) return isBlank(from.edit.text) ? undefined : change(from.edit)
        const { text } = from
        if (isBlank(text)) return undefined
        if (roomFor(text).kind === 'none') {
          setChoosing(true)
          return undefined
        }
        const replyTo = from.replyTo ?? undefined
        const outcome = await onSend({ text, replyTo, from: { draft: from } })
        if (outcome.kind !== 'stored') return outcome
        composition.sent(text)
        onSent()
        return undefined
      }),
    [composition, save, change, onSend, onSent],
  )

  /** Each part leaves the composer as it is stored: what could not be is still here. */
  const sendParts = () =>
    save(async () => {
      for (const part of partsOf(composition.get().text) ?? []) {
        const from = composition.get()
        const beginning = from.text.slice(0, from.text.indexOf(part) + part.length)
        const rest = restOf(from, beginning)
        const replyTo = from.replyTo ?? undefined
        const outcome = await onSend({
          text: part,
          replyTo,
          from: { draft: from, rest: () => rest },
        })
        if (outcome.kind !== 'stored') return outcome
        composition.sentPart(beginning, rest)
        onSent()
      }
      again.current = false
      return undefined
    })

  const sendFile = () =>
    save(async () => {
      const from = composition.get()
      const { text } = from
      const replyTo = from.replyTo ?? undefined
      const outcome = await onSendFile({ text, replyTo, from: { draft: from } })
      if (outcome.kind !== 'stored') return outcome
      composition.sent(text)
      onSent()
      again.current = false
      return undefined
    })

  const onKeyDown = (event: KeyboardEvent) => {
    const action = composerKey(event.nativeEvent, breaks)
    if (action === 'send') {
      event.preventDefault()
      void send()
    } else if (action === 'leave' && (problem !== null || tray)) {
      // Esc closes the topmost thing: here the problem or the emoji, without them the chat.
      event.preventDefault()
      if (problem === null) setTray(false)
      setProblem(null)
    } else if (action === 'edit-last' && value === '' && composition.isPlain) {
      event.preventDefault()
      onEditLast()
    }
  }

  const toText = () => input.current?.focus({ preventScroll: true })
  const toggleTray = () => {
    setTray(!tray)
    if (tray) toText()
    // It comes in the place of a phone's keyboard.
    else if (breaks) input.current?.blur()
  }
  const onFilesSent = () => {
    composition.filesSent()
    onSent()
  }
  const empty = isBlank(value)
  const Button = empty && edit === null ? Voice : null
  const room = roomFor(value)

  return (
    <div className={styles.composer}>
      {patients.length > 0 && <PatientLine id={patientId} patients={patients} />}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          <Icon name="warning" size={20} />
          <span>{problem}</span>
        </p>
      )}
      {target !== null && (
        <ComposerBar
          kind={edit === null ? 'reply' : 'edit'}
          message={message}
          onCancel={() => composition.leave()}
        />
      )}
      <RoomNote room={room} />
      <div className={styles.row}>
        {edit === null && (
          <Attach
            replyTo={replyTo ?? undefined}
            caption={caption}
            onCaption={(text) => composition.caption(text)}
            onLeave={() => composition.keepCaption()}
            onText={(text) => {
              insert(text)
              toText()
            }}
            onSent={onFilesSent}
          />
        )}
        <div className={styles.box}>
          <textarea
            ref={input}
            className={styles.input}
            aria-label="Message"
            aria-describedby={patients.length === 0 ? undefined : patientId}
            placeholder="Message"
            rows={1}
            dir="auto"
            autoCapitalize="sentences"
            enterKeyHint={breaks ? 'enter' : 'send'}
            value={value}
            onChange={(event) => {
              const text = event.target.value
              composition.write(text)
              if (edit !== null) return
              if (isBlank(text)) stop()
              else type()
            }}
            onKeyDown={onKeyDown}
            onFocus={() => breaks && setTray(false)}
            onBlur={() => {
              stop()
              flush()
            }}
          />
          <button
            type="button"
            className={styles.smile}
            aria-label="Emoji"
            aria-expanded={tray}
            aria-controls={tray ? trayId : undefined}
            onPointerDown={(event) => event.preventDefault()}
            onClick={toggleTray}
          >
            <Icon name="smile" size={23} />
          </button>
        </div>
        {Button !== null && <Button replyTo={replyTo ?? undefined} onSent={onFilesSent} />}
        <button
          type="button"
          className={styles.send}
          aria-label={edit === null ? 'Send' : 'Save changes'}
          aria-busy={saving}
          disabled={empty}
          // Keeps the focus, and with it a phone's keyboard, in the text.
          onPointerDown={(event) => event.preventDefault()}
          onClick={() => void send()}
        >
          <Icon name={edit === null ? 'send' : 'check'} size={23} />
        </button>
      </div>
      {tray && (
        <EmojiTray
          id={trayId}
          onChoose={(emoji) => {
            insert(emoji)
            if (edit === null) type()
            if (!breaks) toText()
          }}
          onLeave={() => {
            setTray(false)
            toText()
          }}
        />
      )}
      <LongTextDialog
        open={choosing}
        parts={choosing ? partsOf(value)?.length : undefined}
        onParts={() => void sendParts()}
        onFile={() => void sendFile()}
        onClose={() => setChoosing(false)}
      />
    </div>
  )
}
