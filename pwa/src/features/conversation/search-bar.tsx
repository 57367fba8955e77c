import type { SearchResults } from '@wardline/core/client/search/results'
import { queryWords } from '@wardline/core/client/search/words'
import { type KeyboardEvent, useEffect, useMemo, useRef, useState } from 'react'
import { Button } from '../../ui/button.tsx'
import { Icon } from '../../ui/icon.tsx'
import { SearchField } from '../../ui/search-field.tsx'
import { useAnswer } from '../../ui/use-answer.ts'
import { hitText, stepHit } from './hits.ts'
import type { MessageKey } from './message.ts'
import styles from './search-bar.module.css'

interface Props {
  /** Changes when a search may find something else. */
  world: unknown
  onSearch: (query: string) => Promise<SearchResults>
  /** The words that are looked for, folded; none when it closes. */
  onWords: (words: readonly string[]) => void
  onJump: (key: MessageKey) => void
  onClose: () => void
}

/** Goes through the messages of the open chat that hold some words, from the newest back. */
export function SearchBar({ world, onSearch, onWords, onJump, onClose }: Props) {
  const [query, setQuery] = useState('')
  const [at, setAt] = useState<MessageKey | null>(null)
  const input = useRef<HTMLInputElement>(null)
  const ask = useMemo(() => (query.trim() === '' ? null : () => onSearch(query)), [query, onSearch])
  const { value, current } = useAnswer(ask, world)
  const keys = useMemo(() => value?.messages.map(({ key }) => key) ?? [], [value])

  useEffect(() => {
    const opener = document.activeElement
    input.current?.focus()
    return () => {
      if (opener instanceof HTMLElement) opener.focus({ preventScroll: true })
    }
  }, [])

  useEffect(() => onWords(queryWords(query)), [query, onWords])
  useEffect(() => () => onWords([]), [onWords])

  // A new question goes to its newest hit; the same one, asked again, stays where it is.
  const shown = useRef<typeof ask>(null)
  useEffect(() => {
    if (!current || shown.current === ask) return
    shown.current = ask
    const [newest] = keys
    setAt(newest ?? null)
    if (newest !== undefined) onJump(newest)
  }, [ask, current, keys, onJump])

  const go = (step: 1 | -1) => {
    const next = stepHit(keys, at, step)
    if (next === undefined) return
    setAt(next)
    onJump(next)
  }

  const onKey = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    const older = event.key === 'ArrowUp' || (event.key === 'Enter' && !event.shiftKey)
    const newer = event.key === 'ArrowDown' || (event.key === 'Enter' && event.shiftKey)
    if (!older && !newer) return
    event.preventDefault()
    go(older ? 1 : -1)
  }

  return (
    // biome-ignore lint/a11y/useSemanticElements: `search` is younger than the browsers we run in.
    <div
      role="search"
      className={styles.bar}
      onKeyDownCapture={(event) => {
        if (event.key !== 'Escape' || event.nativeEvent.isComposing) return
        event.preventDefault()
        event.stopPropagation()
        onClose()
      }}
    >
      <div className={styles.field}>
        <SearchField
          label="Search in this chat"
          value={query}
          onChange={setQuery}
          inputRef={input}
          onKeyDown={onKey}
        />
      </div>
      <span className={styles.count} aria-live="polite">
        {current && value !== null ? hitText(keys, at, value.more) : ''}
      </span>
      <Button
        look="icon"
        aria-label="Older hit"
        disabled={stepHit(keys, at, 1) === undefined}
        onClick={() => go(1)}
      >
        <Icon name="up" />
      </Button>
      <Button
        look="icon"
        aria-label="Newer hit"
        disabled={stepHit(keys, at, -1) === undefined}
        onClick={() => go(-1)}
      >
        <Icon name="down" />
      </Button>
      <Button look="icon" aria-label="Close search" onClick={onClose}>
        <Icon name="close" size={20} />
      </Button>
    </div>
  )
}
