import type { WriteOutcome } from '@wardline/core/client/conversation/write-outcome'
import { isBlank } from '@wardline/core/text/blank'
import { useEffect, useRef, useState } from 'react'
import { isTouch } from '../../base/platform.ts'
import { Button } from '../../ui/button.tsx'
import { Dialog } from '../../ui/dialog.tsx'
import { FileName } from '../../ui/file-name.tsx'
import { Icon } from '../../ui/icon.tsx'
import { Spinner } from '../../ui/spinner.tsx'
import { writeProblem } from '../../ui/write-problem.ts'
import type { ReadyFile } from './file-port.ts'
import { kindOf, sizeText, typeLabel } from './kinds.ts'
import styles from './picked-dialog.module.css'
import { type Prepared, prepareFile } from './prepare-file.ts'

interface Props {
  /** It grows when more is added; null: closed. */
  picked: readonly File[] | null
  /** What is written below them. It is the caller's to keep. */
  caption: string
  onCaption: (caption: string) => void
  onClose: () => void
  onSend: (text: string, files: readonly ReadyFile[]) => Promise<WriteOutcome>
}

const MOST = 20

export function PickedDialog(props: Props) {
  const { picked, onClose } = props
  return (
    <Dialog open={picked !== null} title={titleOf(picked)} onClose={onClose}>
      {picked !== null && <Picked {...props} picked={picked} />}
    </Dialog>
  )
}

const titleOf = (picked: readonly File[] | null): string =>
  picked?.length === 1 ? 'Send a file' : 'Send files'

function Picked(props: Props & { picked: readonly File[] }) {
  const { picked, caption, onCaption, onClose, onSend } = props
  const [prepared, setPrepared] = useState<ReadonlyMap<File, Prepared>>(new Map())
  const [removed, setRemoved] = useState<ReadonlySet<File>>(new Set())
  const [problem, setProblem] = useState<string | null>(null)
  const [saving, setSaving] = useState(false)
  const begun = useRef(new Set<File>())
  const kept = picked.filter((file) => !removed.has(file)).slice(0, MOST)
  useEffect(() => {
    // One after the other: pictures are large while they are drawn.
    const work = async () => {
      for (const file of picked) {
        if (begun.current.has(file)) continue
        begun.current.add(file)
        const result = await prepareFile(file)
        setPrepared((before) => new Map(before).set(file, result))
      }
    }
    void work()
  }, [picked])

  const ready = kept.flatMap((file) => {
    const result = prepared.get(file)
    return result?.ok ? [result.file] : []
  })
  const waiting = kept.some((file) => !prepared.has(file))
  const send = async () => {
    if (waiting || saving || ready.length === 0) return
    setSaving(true)
    setProblem(null)
    // What shows nothing is no caption; anything else goes as it is.
    const outcome = await onSend(isBlank(caption) ? '' : caption, ready)
    if (outcome.kind === 'stored') return onClose()
    setSaving(false)
    setProblem(`${writeProblem(outcome, 'files')} Your files and words are still here.`)
  }
  return (
    <div className={styles.picked}>
      <ul className={styles.list}>
        {kept.map((file, at) => (
          <li key={`${file.name}/${at}`} className={styles.item}>
            <Item name={file.name} prepared={prepared.get(file)} />
            <Button
              look="icon"
              aria-label={`Remove ${file.name}`}
              onClick={() => {
                if (kept.length === 1) onClose()
                else setRemoved(new Set(removed).add(file))
              }}
            >
              <Icon name="close" size={20} />
            </Button>
          </li>
        ))}
      </ul>
      {picked.length - removed.size > MOST && (
        <p className={styles.note}>A message can have {MOST} files. The others are left out.</p>
      )}
      {problem !== null && (
        <p role="alert" className={styles.problem}>
          {problem}
        </p>
      )}
      <form
        className={styles.send}
        onSubmit={(event) => {
          event.preventDefault()
          void send()
        }}
      >
        <textarea
          className={styles.caption}
          aria-label="Caption"
          placeholder="Add a caption"
          dir="auto"
          rows={1}
          value={caption}
          onChange={(event) => onCaption(event.target.value)}
          onKeyDown={(event) => {
            const { key, shiftKey, nativeEvent } = event
            if (key !== 'Enter' || shiftKey || nativeEvent.isComposing || isTouch()) return
            event.preventDefault()
            void send()
          }}
        />
        <Button
          type="submit"
          look="primary"
          disabled={waiting || saving || ready.length === 0}
          aria-busy={saving || waiting}
        >
          Send
        </Button>
      </form>
    </div>
  )
}

function Item({ name, prepared }: { name: string; prepared: Prepared | undefined }) {
  if (prepared === undefined)
    return (
      <span className={styles.about}>
        <span className={styles.name}>
          <FileName name={name} />
        </span>
        <span className={styles.detail}>
          <Spinner /> Preparing…
        </span>
      </span>
    )
  if (!prepared.ok)
    return (
      <span className={styles.about}>
        <span className={styles.name}>
          <FileName name={name} />
        </span>
        <span className={styles.refused}>{prepared.reason}</span>
      </span>
    )
  const { attachment, bytes } = prepared.file
  return (
    <>
      {kindOf(attachment) === 'image' ? (
        <Thumb blob={bytes} />
      ) : (
        <span className={styles.mark}>
          <Icon name={kindOf(attachment) === 'audio' ? 'mic' : 'file'} size={24} />
        </span>
      )}
      <span className={styles.about}>
        <span className={styles.name}>
          <FileName name={attachment.name} />
        </span>
        <span className={styles.detail}>
          {typeLabel(attachment.type)} · {sizeText(attachment.size)}
        </span>
        {prepared.changed !== undefined && (
          <span className={styles.detail}>{prepared.changed}</span>
        )}
      </span>
    </>
  )
}

function Thumb({ blob }: { blob: Blob }) {
  const [url, setUrl] = useState<string>()
  useEffect(() => {
    const made = URL.createObjectURL(blob)
    setUrl(made)
    return () => URL.revokeObjectURL(made)
  }, [blob])
  return <img className={styles.thumb} src={url} alt="" />
}
